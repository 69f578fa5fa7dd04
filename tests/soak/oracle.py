"""What must be there in the end, by what the command line answered alone."""
import json
import os
import subprocess

from world import programs

expect = programs.expect


class Save:
    """One value, unlike every other, that somebody wrote."""

    def __init__(self, record, field, value, office, fate, edits):
        self.record, self.field, self.value = record, field, value
        self.office, self.fate = office, fate
        self.edits = edits  # It stands in a record that was there.


class Oracle:
    def __init__(self):
        self.saves, self.rows, self.secrets = [], [], []
        self.erased = {}    # Record somebody confirmed to be erased: the answer.
        self.refusals = {}  # Value of a change-set that a person refused: the answer.
        self.author = subprocess.run(["id", "-un"], capture_output=True, text=True,
                                     check=True).stdout.strip()

    def saved(self, *what):
        self.saves.append(Save(*what))

    def imported(self, value, office, fate):
        """A row of an import: its record is not known by number."""
        self.rows.append(Save(None, "case_no", value, office, fate, False))

    def rejected(self, value, fate):
        if self.refusals.get(value) != "acked":
            self.refusals[value] = fate

    def check(self, world, chance):
        """All is healed and nothing is under way."""
        exports = {machine.name: export(world, machine)
                   for machine in [world.hub] + world.nodes}
        self.check_rows(exports["hub"])
        self.check_erased(world)
        for secret in self.secrets:
            expect(secret not in json.dumps(exports["hub"]), "the hub reads an identity")
        self.check_history(world)
        check_holders(exports)
        self.check_secrets(world)

    def check_rows(self, records):
        """Every row that was imported is one record."""
        seen = {}
        for record in records.values():
            seen[record.get("case_no")] = seen.get(record.get("case_no"), 0) + 1
        for row in self.rows:
            count = seen.get(row.value, 0)
            expect(count == 1 or (row.fate == "unknown" and count == 0)
                   or (row.fate == "refused" and count == 0),
                   f"an imported row is at the hub {count} times: {row.value} was {row.fate}")

    def check_history(self, world):
        """Every acknowledged save is at the hub once, with value and author; one
        that a person refused too, as refused. What two copies of a disk both had
        and had not sent may be there twice."""
        twice = {machine.office for machine in world.nodes if machine.was_chosen}
        by_record = {}
        for save in self.saves:
            if save.record is not None:
                by_record.setdefault(save.record, []).append(save)
        for record, saves in by_record.items():
            if record in self.erased:
                continue
            answer = world.hub.command("record", "history", record)
            events = answer.json.get("events", [])
            for save in saves:
                found = [event for event in events if event["field"] == save.field
                         and event["value"] == save.value]
                what = f"{save.value} of {record}, {save.fate} at office {save.office}"
                most = 2 if save.office in twice else 1
                if save.fate == "acked":
                    expect(1 <= len(found) <= most,
                           f"{what}: {len(found)} times at the hub: {found}")
                elif save.fate == "refused":
                    expect(not found, f"{what}: it is at the hub all the same")
                else:
                    expect(len(found) <= most, f"{what}: {len(found)} times at the hub")
                for event in found:
                    self.check_refusal(save, event, what)
                    expect(event["author"] == self.author
                           and event["office"] == save.office, f"{what}: {event}")

    def check_erased(self, world):
        """What two people decided is so wherever anybody knows of the record."""
        for record, fate in list(self.erased.items()):
            shown = [machine.command("record", "show", record).json.get("presence")
                     for machine in [world.hub] + world.nodes]
            if fate != "acked" and shown[0] != "erased":
                del self.erased[record]  # It was not decided.
                continue
            expect(shown[0] == "erased" and set(shown[1:]) <= {"erased", None},
                   f"{record} was erased, it is {shown}")

    def check_stores(self, world):
        """No store says anything of what was erased; nobody runs."""
        gone = [save.value for save in self.saves if save.record in self.erased]
        kept = [save.value for save in self.saves
                if save.fate == "acked" and save.record not in self.erased]
        expect(world.rig.rows_with(world.hub.program, *kept[-20:]) > 0, "stores can be read")
        for machine in [world.hub] + world.nodes if gone else []:
            expect(world.rig.rows_with(machine.program, *gone) == 0,
                   f"the store of {machine.name} says what was erased")
            for value in gone:
                expect(not world.rig.files_with(value), f"a file says {value}")

    def check_refusal(self, save, event, what):
        """Refused is what a person refused, and nothing else."""
        fate = self.refusals.get(save.value)
        is_refused = event["state"] == "refused"
        expect(not (is_refused and event["live"]), f"{what}: refused, and it stands")
        if fate == "acked":
            expect(is_refused, f"{what}: a person refused it, it is {event['state']}")
        elif fate != "unknown":
            expect(not is_refused, f"{what}: nobody refused it")

    def check_secrets(self, world):
        """No identity at the hub, no value in any log."""
        values = [save.value for save in self.saves + self.rows]
        for machine in [world.hub] + world.nodes:
            with open(machine.program.log, encoding="utf-8", errors="replace") as file:
                log = file.read()
            for value in values + self.secrets:
                expect(value not in log, f"{machine.name} has a value in its log")
            with open(os.path.join(machine.program.dir, vault_key(machine)), "rb") as file:
                key = file.read().strip()[-16:]
            expect(key.decode("latin-1") not in log and key.hex() not in log,
                   f"{machine.name} has its key in its log")
        for folder, _, names in os.walk(world.rig.dir):
            for name in names:
                path = os.path.join(folder, name)
                # Not what was asked for, nor a socket.
                if name.endswith(".ndjson") or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    content = file.read()
                for value in self.secrets:
                    expect(value.encode() not in content, f"{name} holds an identity in clear")


def vault_key(machine):
    names = [name for name in os.listdir(machine.program.dir) if name.endswith(".key")]
    expect(names, f"{machine.name} has no key file")
    return names[0]


def export(world, machine):
    """Record id to its values, as @machine shows them."""
    path = world.rig.path(machine.name + ".ndjson")
    records = {}
    answer = machine.command("export", "case", "--format", "ndjson", "--to", path)
    expect(answer.fate == "acked", f"{machine.name}: export: {answer.json}")
    with open(path, encoding="utf-8") as file:
        for text in file:
            record = json.loads(text)
            records[record["_id"]] = record
    return records


def check_holders(exports):
    """What an office shows is what the hub shows."""
    hub = exports["hub"]
    for name, records in exports.items():
        for key, record in records.items():
            expect(key in hub, f"{name} holds {key}, the hub does not")
            for field in ("case_no", "status", "vector", "opened_on", "_conflict"):
                expect(record.get(field) == hub[key].get(field),
                       f"{field} of {key}: {record.get(field)} at {name}, "
                       f"{hub[key].get(field)} at the hub")
