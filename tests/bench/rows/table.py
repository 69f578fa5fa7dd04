"""What rows measured, beside the target and the peer."""
from dataclasses import dataclass


@dataclass
class Figure:
    row: str
    what: str
    measured: float
    unit: str
    target: float = None
    more_is_better: bool = False
    beside: str = None  # The peer's row, if that is not called @row.
    peer: float = None

    def verdict(self):
        if self.target is None:
            return ""
        good = self.measured >= self.target if self.more_is_better \
            else self.measured <= self.target
        return "met" if good else "MISSED"

    def target_text(self):
        if self.target is None:
            return "-"
        return ("≥ " if self.more_is_better else "≤ ") + number(self.target)

    def ratio_text(self):
        """How many times better than the peer."""
        if not self.peer or not self.measured:
            return "-"
        ratio = self.measured / self.peer if self.more_is_better \
            else self.peer / self.measured
        return f"{ratio:.1f} ×"

    def cells(self):
        return [self.row, self.what, self.target_text(), number(self.measured),
                self.unit, self.verdict(),
                "-" if self.peer is None else number(self.peer), self.ratio_text()]


HEAD = ["row", "what", "target", "measured", "unit", "", "PostgreSQL", "better by"]
RIGHT = {2, 3, 6, 7}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def lines(figures):
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    for row in rows:
        yield "  ".join(cell.rjust(width) if i in RIGHT else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
