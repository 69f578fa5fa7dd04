"""Believable cases of the national catalogue: rows to import, fields to edit."""
import csv
import os
import random

CATALOGUE = os.path.join(os.path.dirname(__file__), "..", "..", "..", "common",
                         "catalogue", "national")
# None: any code of the list.
CHOICES = {"source": ["police", "ngo", "hotline"], "status": ["open"],
           "vector": ["labour", "sex", "forced_begging"],
           "sector": ["domestic", "herding", "fishing"], "tacheron": ["yes", "no"],
           "law": ["l2015_031", "l2020_017"], "wilaya": None,
           "cross_border": ["yes"], "risk": ["low", "medium", "high"],
           "best_interest": ["yes", "no"],
           "settlement_reported": ["yes", "no"]}
PLACES = ("Bassikounou", "Aioun", "Kiffa", "Kaédi", "Sélibabi", "Bogué", "Zouérat")
SENTENCES = ("La personne travaille sans salaire depuis l'enfance.",
             "Les papiers ont été retenus par l'employeur.",
             "Un voisin a donné l'alerte à la brigade.",
             "Elle demande à rejoindre sa famille.",
             "L'enfant mendie chaque jour pour un marabout.",
             "Une première visite a eu lieu avec l'assistante sociale.")
EDITED = ("status", "sector", "vector", "best_interest", "tacheron")


def read(name):
    with open(os.path.join(CATALOGUE, name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def codes():
    """Codes of the fields of a case that are chosen from a list."""
    lists, fields, group = {}, {}, None
    for row in read("choices.csv"):
        lists.setdefault(row["list_name"], []).append(row["name"])
    for row in read("survey.csv"):
        if row["type"] == "begin group" and row["number"]:
            group = row["name"]
        elif row["type"].startswith("select_one ") and group == "case":
            fields[row["name"]] = lists[row["type"].split()[1]]
        elif row["type"] == "yesno" and group == "case":
            fields[row["name"]] = ["yes", "no", "unknown", "refused"]
    return fields


def imported(known, name):
    """Codes of @name that rows have."""
    wanted = CHOICES[name] or known[name]
    return [code for code in known[name] if code in wanted] or known[name]


def narrative(draw):
    """A few sentences, as long as officers write them."""
    return " ".join(draw.choice(SENTENCES) for _ in range(draw.randint(1, 4)))


def write_rows(path, office, first, count, identities=False):
    """@count rows of 16 fields, numbered from @first; with @identities two more,
    which are sealed: an exact place and a narrative."""
    known, draw = codes(), random.Random(office * 1000003 + first)
    choices = {name: imported(known, name) for name in CHOICES}
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(["case_no", "opened_on", "began", "origin_country",
                             "destination_country", *choices,
                             *(["place", "narrative"] if identities else [])]) + "\n")
        for i in range(first, first + count):
            row = [f"MR{office:02}-2026-{i:06}",
                   f"2026-{draw.randint(1, 9):02}-{draw.randint(1, 28):02}",
                   f"202{draw.randint(1, 5)}-03-01",
                   draw.choice(known["origin_country"]),
                   draw.choice(known["destination_country"]),
                   *(draw.choice(usable) for usable in choices.values())]
            if identities:
                row += [f"Quartier {draw.randint(1, 40)}, {draw.choice(PLACES)}",
                        narrative(draw)]
            file.write(",".join(row) + "\n")


class Editor:
    """Edits of one field each, that always change something."""

    def __init__(self, records, seed):
        known = codes()
        self.fresh = {name: [code for code in known[name]
                             if code not in imported(known, name)][:3]
                      for name in EDITED}
        self.records, self.draw, self.now = records, random.Random(seed), {}

    def one(self, field=None):
        """The words of a command."""
        record = self.draw.choice(self.records)
        field = field or self.draw.choice(EDITED)
        was = self.now.get((record, field))
        value = self.draw.choice([v for v in self.fresh[field] if v != was])
        self.now[record, field] = value
        return ("record", "edit", record, f"{field}={value}")
