"""What people do: each operation asks the real command line and tells the
oracle what it answered. To add one: a method here whose name is the operation."""
import os

TARGET_RECORDS = 60


class Work:
    def __init__(self, world, oracle, chance, seed):
        self.world, self.oracle, self.chance = world, oracle, chance
        self.prefix, self.serial = f"S{seed}N", 0
        self.records = []  # (id, machine that made it, offices it was given to)
        self.totals = {name: 0 for name in self.operations()}
        self.answers = {}

    @staticmethod
    def operations():
        return ["add", "edit", "edit_both_sides", "resolve", "share", "unshare",
                "delete", "identity", "import_rows", "bundle_up", "bundle_down",
                "hub_edit", "hub_add", "accept", "reject", "transfer", "take_on",
                "give_back", "erase"]

    def value(self):
        """Unlike all others, so that it can be found again."""
        self.serial += 1
        return f"{self.prefix}{self.serial:06d}"

    def count(self, operation, answer):
        key = (operation, answer.fate, answer.error)
        self.answers[key] = self.answers.get(key, 0) + 1
        # What was tried against a fault is no work; what was answered is.
        if answer.fate == "acked":
            self.totals[operation] += 1
        return answer

    def ask(self, operation, machine, *words, during=None):
        """One command; @during may do something to the machine meanwhile."""
        return self.count(operation, machine.end(machine.begin(*words), during=during))

    def random_node(self):
        return self.chance.choice(self.world.nodes)

    def pick(self, node=None):
        known = [one for one in self.records if node is None or one[1] is node]
        return self.chance.choice(known) if known else None

    def do(self, during=None):
        weights = {"add": 5, "edit": 10, "share": 3, "hub_edit": 2,
                   "edit_both_sides": 2, "resolve": 2}
        names = self.operations()
        name = self.chance.choices(names, [weights.get(one, 1) for one in names])[0]
        if len(self.records) < 5:
            name = "add"
        getattr(self, name)(during)
        return name

    def add_at(self, operation, machine, during, *more):
        value = self.value()
        answer = self.ask(operation, machine, "record", "add", "case",
                          f"case_no={value}", "status=open", "vector=labour",
                          "opened_on=2026-11-03", *more, during=during)
        if answer.fate == "acked":
            record = answer.json["records"][0]["id"]
            self.oracle.saved(record, "case_no", value, machine.office, "acked", False)
            return record
        self.oracle.imported(value, machine.office, answer.fate)
        return None

    def add(self, during):
        if len(self.records) > TARGET_RECORDS:
            return self.edit(during)
        node = self.random_node()
        record = self.add_at("add", node, during)
        if record is not None:
            self.records.append((record, node, set()))
        return None

    def hub_add(self, during):
        node = self.random_node()
        record = self.add_at("hub_add", self.world.hub, during, "--office",
                             str(node.office))
        if record is not None:
            self.records.append((record, node, set()))

    def edit_at(self, operation, machine, record, during=None, *more):
        value = self.value()
        answer = self.ask(operation, machine, "record", "edit", record,
                          f"case_no={value}", *more, during=during)
        self.oracle.saved(record, "case_no", value, machine.office, answer.fate, True)

    def edit(self, during):
        picked = self.pick()
        if picked is not None:
            self.edit_at("edit", picked[1], picked[0], during)

    def hub_edit(self, during):
        picked = self.pick()
        if picked is not None:
            self.edit_at("hub_edit", self.world.hub, picked[0], during,
                         "--reason", "secretariat")

    def edit_both_sides(self, during):
        """Two people write in one record, neither sees the other's."""
        shared = [one for one in self.records if one[2]]
        if shared:
            record, node, others = self.chance.choice(shared)
            other = self.chance.choice(sorted(others, key=lambda one: one.office))
            for machine, status in ((node, "closed"), (other, "follow_up")):
                self.edit_at("edit_both_sides", machine, record, during,
                             f"status={status}", "--reason", "as I see it")
                during = None

    def share(self, during):
        picked, other = self.pick(), self.random_node()
        if picked is None or other is picked[1]:
            return
        answer = self.ask("share", picked[1], "record", "share", picked[0],
                          str(other.office), during=during)
        if answer.fate == "acked":
            picked[2].add(other)

    def unshare(self, during):
        """An office gives a record up; the one that made it stays."""
        shared = [one for one in self.records if one[2]]
        if not shared:
            return
        record, _, others = self.chance.choice(shared)
        other = self.chance.choice(sorted(others, key=lambda one: one.office))
        answer = self.ask("unshare", other, "record", "unshare", record,
                          str(other.office), "--reason", "followed up elsewhere",
                          during=during)
        if answer.fate == "acked":
            others.discard(other)

    def delete(self, during):
        picked = self.pick()
        if picked is not None and len(self.records) > 10:
            self.ask("delete", picked[1], "record", "delete", picked[0],
                     "--reason", "entered twice", during=during)
            self.records.remove(picked)

    def transfer(self, during):
        """Another office is to have a record, and the one that has it no more."""
        picked, other = self.pick(), self.random_node()
        if picked is not None and other is not picked[1] and other not in picked[2]:
            self.ask("transfer", picked[1], "record", "transfer", picked[0],
                     str(other.office), "--reason", "she has moved", during=during)

    def reply(self, operation, verb, during):
        """An office says whether it takes on a record; (machine, row) if it was said."""
        node = self.random_node()
        rows = [row for row in node.command("referral", "list").json.get("referrals", [])
                if row["answer"] == "offered" and row["to"] == node.office]
        if not rows:
            return None
        row = self.chance.choice(rows)
        answer = self.ask(operation, node, "referral", verb, row["id"],
                          "--reason", "as agreed", during=during)
        return (node, row) if answer.fate == "acked" else None

    def take_on(self, during):
        said = self.reply("take_on", "accept", during)
        for i, (record, _, others) in enumerate(self.records):
            if said is not None and said[1]["transfer"] and record == said[1]["id"]:
                self.records[i] = (record, said[0], others - {said[0]})

    def give_back(self, during):
        said = self.reply("give_back", "decline", during)
        for record, _, others in self.records:
            if said is not None and record == said[1]["id"]:
                others.discard(said[0])

    def erase(self, during):
        """One person asks for it, another confirms; nobody works on it any more."""
        picked = self.pick()
        if picked is None or len(self.records) <= 10 or os.geteuid() != 0:
            return
        hub = self.world.hub
        asked = hub.command("erase", "request", picked[0], "--reason", "order 44/2026")
        if asked.fate != "acked":
            return
        answer = self.count("erase", hub.end(hub.begin_as_another(
            "erase", "confirm", str(asked.json["number"])), during=during))
        self.oracle.erased[picked[0]] = answer.fate
        self.records.remove(picked)

    def resolve(self, during):
        machine = self.chance.choice([self.world.hub] + self.world.nodes)
        rows = machine.command("conflicts", "list").json.get("conflicts", [])
        if not rows:
            return
        record = self.chance.choice(rows)["id"]
        shown = machine.command("conflicts", "show", record)
        sides = shown.json.get("sides", [])
        if sides:
            self.ask("resolve", machine, "conflicts", "resolve", record, "--seen",
                     shown.json["version"], "--take", self.chance.choice(sides)["side"],
                     "--reason", "PV", during=during)

    def held(self):
        """What waits at the hub for a person."""
        return self.world.hub.command("held", "list").json.get("held_changes", [])

    def decide(self, verb, row, during=None):
        """Let one change-set in, or refuse it; its values are in history all the same."""
        name = (str(row["origin"]), str(row["seq"]))
        changes = self.world.hub.command("held", "show", *name).json.get("changes", [])
        answer = self.ask(verb, self.world.hub, "held", verb, *name,
                          "--reason", "asked the office", during=during)
        if verb == "reject":
            for change in changes:
                self.oracle.rejected(change["would_write"], answer.fate)
        return answer

    def decide_one(self, verb, during):
        rows = self.held()
        if rows:
            self.decide(verb, self.chance.choice(rows), during)

    def accept(self, during):
        self.decide_one("accept", during)

    def reject(self, during):
        self.decide_one("reject", during)

    def identity(self, during):
        """A story that names people, which the hub may never see."""
        node, secret = self.random_node(), "Secret" + self.value()
        self.oracle.secrets.append(secret)
        self.add_at("identity", node, during, f"narrative={secret}")

    def import_rows(self, during):
        node, path = self.random_node(), self.world.rig.path(f"{self.value()}.csv")
        values = [self.value() for _ in range(self.chance.randrange(2, 30))]
        with open(path, "w", encoding="utf-8") as file:
            file.write("case_no,status,vector,opened_on\n")
            file.writelines(f"{value},open,labour,2026-11-03\n" for value in values)
        answer = self.ask("import_rows", node, "import", path, "--type", "case",
                          "--all-or-nothing", during=during)
        for value in values:
            self.oracle.imported(value, node.office, answer.fate)
        os.unlink(path)

    def bundle(self, operation, maker, taker, words, during):
        path = self.world.rig.path(self.value() + ".bundle")
        made = maker.command("bundle", "export", *words, "--to", path)
        if made.fate == "acked":
            self.ask(operation, taker, "bundle", "import", path, during=during)
        if os.path.exists(path):
            os.unlink(path)

    def bundle_up(self, during):
        self.bundle("bundle_up", self.random_node(), self.world.hub, ["--all"], during)

    def bundle_down(self, during):
        node = self.random_node()
        self.bundle("bundle_down", self.world.hub, node,
                    ["--office", str(node.office)], during)
