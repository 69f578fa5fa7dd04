#include "demo_names.h"

static const struct demo_name men_moor[] = {
    {"Mohamed", "محمد"},       {"Ahmed", "أحمد"},
    {"Sidi", "سيدي"},          {"Cheikh", "الشيخ"},
    {"Brahim", "إبراهيم"},     {"Moussa", "موسى"},
    {"Ely", "أعلي"},           {"Salem", "سالم"},
    {"Bilal", "بلال"},         {"M'Bareck", "امبارك"},
    {"Yahya", "يحيى"},         {"Isselmou", "إسلمو"},
    {"Mahmoud", "محمود"},      {"Hamoud", "حمود"},
    {"Abdallahi", "عبد الله"}, {"El Hacen", "الحسن"},
    {"El Houssein", "الحسين"}, {"Salek", "السالك"},
    {"Merzoug", "مرزوق"},      {"Maouloud", "مولود"},
};
static const struct demo_name women_moor[] = {
    {"Fatimetou", "فاطمة"},  {"Mariem", "مريم"},   {"Aïchetou", "عائشة"},
    {"Khadijetou", "خديجة"}, {"Zeinebou", "زينب"}, {"Salka", "السالكة"},
    {"M'Barka", "امباركة"},  {"Vatma", "فاطم"},    {"Oum Kelthoum", "أم كلثوم"},
    {"Selma", "سلمى"},       {"Mettou", "متو"},    {"Yeslem", "يسلم"},
    {"Maimouna", "ميمونة"},  {"Hawa", "حواء"},     {"Lalla", "لالة"},
    {"Toutou", "توتو"},      {"Zahra", "الزهرة"},  {"Meïmouna", "ميمونه"},
};
static const struct demo_name men_valley[] = {
    {"Mamadou", "مامادو"},    {"Amadou", "آمادو"},      {"Ousmane", "عثمان"},
    {"Ibrahima", "إبراهيما"}, {"Abdoulaye", "عبدولاي"}, {"Demba", "دمبا"},
    {"Samba", "صمبا"},        {"Oumar", "عمر"},         {"Harouna", "هارونا"},
    {"Yero", "ييرو"},         {"Aliou", "عاليو"},       {"Saidou", "سعيدو"},
    {"Silly", "سيلي"},        {"Bakary", "بكاري"},
};
static const struct demo_name women_valley[] = {
    {"Aminata", "آمناتا"},  {"Fatou", "فاتو"},     {"Kadiata", "كادياتا"},
    {"Coumba", "كومبا"},    {"Penda", "بيندا"},    {"Mariam", "مريم"},
    {"Dieynaba", "جينابا"}, {"Hawa", "حواء"},      {"Ramata", "رماتا"},
    {"Oumou", "أومو"},      {"Djeinaba", "جينبا"}, {"Binta", "بنتا"},
};
static const struct demo_name families_valley[] = {
    {"Ba", "با"},       {"Sow", "صو"},        {"Diallo", "جالو"},
    {"Sy", "سي"},       {"Kane", "كان"},      {"Dia", "جا"},
    {"Camara", "كمرا"}, {"Traoré", "تراوري"}, {"Soumaré", "سوماري"},
    {"Diop", "جوب"},    {"Fall", "فال"},      {"N'Diaye", "انجاي"},
    {"Gaye", "كاي"},    {"Thiam", "تيام"},
};
static const struct demo_name men_abroad[] = {
    {"Adama", "آدما"},        {"Moussa", "موسى"},       {"Ibrahim", "إبراهيم"},
    {"Kofi", "كوفي"},         {"Emmanuel", "إيمانويل"}, {"Issa", "عيسى"},
    {"Seydou", "سيدو"},       {"Modibo", "موديبو"},     {"Yaya", "يايا"},
    {"Souleymane", "سليمان"},
};
static const struct demo_name women_abroad[] = {
    {"Awa", "آوا"},         {"Grace", "غريس"},     {"Mariama", "مرياما"},
    {"Aya", "آية"},         {"Rokia", "رقية"},     {"Blessing", "بليسينغ"},
    {"Salimata", "سليمتا"}, {"Assitan", "آسيتان"}, {"Nafi", "نافي"},
    {"Esther", "إستر"},
};
static const struct demo_name families_abroad[] = {
    {"Coulibaly", "كوليبالي"}, {"Keita", "كيتا"},      {"Touré", "توري"},
    {"Koné", "كوني"},          {"Sanogo", "سانوغو"},   {"Mensah", "منساه"},
    {"Ouattara", "واتارا"},    {"Bah", "باه"},         {"Conté", "كونتي"},
    {"Okafor", "أوكافور"},     {"Dembélé", "ديمبيلي"},
};

/* The lists of one custom. */
struct names {
    const struct demo_name *men, *women, *families;
    uint32_t man_count, woman_count, family_count;
};

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof(list)[0]))
#define LISTS(m, w, f)                                                    \
    {                                                                     \
        .men = (m), .women = (w), .families = (f), .man_count = COUNT(m), \
        .woman_count = COUNT(w), .family_count = COUNT(f)                 \
    }

static const struct names customs[] = {
    [DEMO_CUSTOM_MOOR] = LISTS(men_moor, women_moor, men_moor),
    [DEMO_CUSTOM_VALLEY] = LISTS(men_valley, women_valley, families_valley),
    [DEMO_CUSTOM_ABROAD] = LISTS(men_abroad, women_abroad, families_abroad),
};

void demo_person_draw(struct demo_draw *draw, enum demo_custom custom,
                      bool is_male, struct demo_person *out_person)
{
    const struct names *names = &customs[custom];
    bool is_moor = custom == DEMO_CUSTOM_MOOR;

    out_person->given =
        is_male ? names->men[demo_draw_below(draw, names->man_count)]
                : names->women[demo_draw_below(draw, names->woman_count)];
    out_person->father = names->men[demo_draw_below(draw, names->man_count)];
    out_person->grandfather =
        names->men[demo_draw_below(draw, names->man_count)];
    out_person->family =
        names->families[demo_draw_below(draw, names->family_count)];
    out_person->link_latin = !is_moor ? "" : is_male ? "Ould " : "Mint ";
    out_person->link_ar = !is_moor ? "" : is_male ? "ولد " : "منت ";
}
