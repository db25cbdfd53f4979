"""What a file of a page is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.frame import held
from dashboard.frame.cards import Card
from dashboard.words.formats import Formats
from dashboard.words.language import _


@dataclass(frozen=True)
class Shared:
    """A page as it is shared.

    parts     what it holds, in order
    about     who looked at what, and of which data: names and values, in words
    pictures  of figures, by their chart
    """

    parts: Sequence[held.Part]
    about: Sequence[tuple[str, str]]
    form: Formats
    pictures: Mapping[str, str] = field(default_factory=dict)

    def instead(self, reason: str) -> "Shared":
        """A page that says nothing but why this one is not given."""
        return Shared([held.Head(_("This cannot be shown."), "", reason, "", "")], [], self.form)

    @property
    def head(self) -> held.Head:
        """The last one drawn; an empty one where the page ended before it."""
        heads = [part for part in self.parts if isinstance(part, held.Head)]
        return heads[-1] if heads else held.Head("", "", "", "", "")

    def cards(self) -> list[Card]:
        return [card for part in self.parts if isinstance(part, held.Cards) for card in part.row]

    def tables(self) -> Iterator[tuple[str, held.Table]]:
        """Every table and the numbers of every figure, each with what stands above it."""
        above = self.head.title
        for part in self.parts:
            if isinstance(part, held.Text) and part.kind in ("header", "heading"):
                above = part.text
            elif isinstance(part, held.Figure) and part.table is not None:
                yield part.title, part.table
            elif isinstance(part, held.Table):
                yield above, part
