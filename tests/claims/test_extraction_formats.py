"""Statements in the layouts and the damage that news comes with. Each text is invented; what is expected was read."""

import re

import pytest

from claims.extraction import extract

# What is expected of a text: (speaker without "the", words of the content within one paragraph, kind or "" where any
# will do).
Told = tuple[str, str, str]

_PARAGRAPHS = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def words(text: str) -> str:
    """Return the words alone, so that quotation marks, line ends and a leading "that" do not matter."""
    return re.sub(r"^that\s", "", " ".join(_WORD.findall(text)), flags=re.IGNORECASE)


def told(text: str) -> list[Told]:
    """Return what is found, a row for each paragraph of a statement, without what is only asked."""
    rows: list[Told] = []
    for statement in extract(text, split_sentences=False):
        pieces = [text[span.start : span.end] for span in statement.content]
        if pieces[-1].rstrip("\"”’' ").endswith("?"):
            continue
        # A line break between two spans of one paragraph does not part them; a blank line does.
        joined = pieces[0]
        for before, after, piece in zip(statement.content, statement.content[1:], pieces[1:], strict=False):
            joined += ("\n\n" if _PARAGRAPHS.search(text[before.end : after.start]) else " ") + piece
        # Whether "the" and capitals belong to a name is not what is asked here.
        speaker = statement.speaker.casefold().removeprefix("the ")
        rows += [(speaker, words(part), statement.kind) for part in _PARAGRAPHS.split(joined)]
    return rows


def check(text: str, expected: list[Told]) -> None:
    found = told(text)
    kinds = {(speaker, content): kind for speaker, content, kind in found}
    assert [(speaker, content) for speaker, content, _ in found] == [
        (speaker.casefold(), words(content)) for speaker, content, _ in expected
    ]
    for speaker, content, kind in expected:
        assert not kind or kinds[speaker.casefold(), words(content)] == kind


def case(name: str, text: str, *expected: Told) -> tuple[str, str, list[Told]]:
    return name, text, list(expected)


OVER_PARAGRAPHS = [
    case(
        "mark opened anew in each paragraph and closed once",
        '"We lost the roof in the first hour," Dana Whitlock said. "The neighbors came with ropes and boats.\n\n'
        '"By midnight the water stood at the second step.\n\n'
        '"Nobody slept."\n\n'
        "The shelter on Mill Road opened at dawn.",
        (
            "Dana Whitlock",
            "We lost the roof in the first hour The neighbors came with ropes and boats",
            "direct",
        ),
        ("Dana Whitlock", "By midnight the water stood at the second step", "direct"),
        ("Dana Whitlock", "Nobody slept", "direct"),
    ),
    case(
        "cue and colon before, curly marks",
        "Principal Ruth Adeyemi said in the hall:\n\n"
        "“The old wing will close in June.\n\n"
        "“No pupil will have to change schools.”\n\n"
        "Parents clapped.",
        ("Ruth Adeyemi", "The old wing will close in June", "direct"),
        ("Ruth Adeyemi", "No pupil will have to change schools", "direct"),
    ),
    case(
        "cue in the last paragraph only",
        "“The county never answered our letters.\n\n"
        "“We wrote eleven of them,” said Tomas Berglund, who farms below the weir.",
        ("Tomas Berglund", "The county never answered our letters", "direct"),
        ("Tomas Berglund", "We wrote eleven of them", "direct"),
    ),
    case(
        "another speaker follows",
        "“The ferry is safe,” captain Joan Petrie said. “It was inspected in May.\n\n"
        "“The report is public.”\n\n"
        "“I have read the report and I would not board her,” said Omar Haddad, an engineer.",
        ("Joan Petrie", "The ferry is safe It was inspected in May", "direct"),
        ("Joan Petrie", "The report is public", "direct"),
        ("Omar Haddad", "I have read the report and I would not board her", "direct"),
    ),
]

BLOCK_QUOTES = [
    case(
        "paragraph after a colon, without marks",
        "The dockers' union said in a statement:\n\n"
        "Our members will return to work on Monday. The talks go on.\n\n"
        "The port lost nine days of trade.",
        ("dockers' union", "Our members will return to work on Monday The talks go on", ""),
    ),
    case(
        "lines with angle brackets",
        "Ruth Adeyemi wrote to the parents:\n\n"
        "> The old wing will close in June.\n"
        "> No pupil will have to change schools.\n\n"
        "The letter went out on Friday.",
        ("Ruth Adeyemi", "The old wing will close in June No pupil will have to change schools", ""),
    ),
    case(
        "list of demands",
        "The nurses' council said on Tuesday:\n\n"
        "- “The night shift is two people short.”\n\n"
        "- “The beds in ward four are full.”\n\n"
        "The hospital gave no date.",
        ("nurses' council", "The night shift is two people short", "direct"),
        ("nurses' council", "The beds in ward four are full", "direct"),
    ),
]

TRANSCRIPTS = [
    case(
        "questions and answers",
        "Tomas Berglund has farmed below the weir for thirty years. We met him in his barn.\n\n"
        "Q: When did the water come?\n\n"
        "A: It came at four in the morning.\n\n"
        "Q: Did anybody warn you?\n\n"
        "A: Nobody warned us. The siren has been broken since March.",
        ("Tomas Berglund", "It came at four in the morning", ""),
        ("Tomas Berglund", "Nobody warned us The siren has been broken since March", ""),
    ),
    case(
        "names in capitals and stage directions",
        "WHITLOCK: The levy passed because people read the budget.\n\n"
        "(APPLAUSE)\n\n"
        "KESSLER: The levy passed because nobody came to vote.\n\n"
        "[crosstalk]\n\n"
        "WHITLOCK: The turnout was the highest in ten years.",
        ("WHITLOCK", "The levy passed because people read the budget", ""),
        ("KESSLER", "The levy passed because nobody came to vote", ""),
        ("WHITLOCK", "The turnout was the highest in ten years", ""),
    ),
    case(
        "a turn of two paragraphs",
        "MARSH: The bridge was built for carts.\n\n"
        "It carries nine thousand trucks a day.\n\n"
        "NOVAK: We measured seven thousand.",
        ("MARSH", "The bridge was built for carts", ""),
        ("MARSH", "It carries nine thousand trucks a day", ""),
        ("NOVAK", "We measured seven thousand", ""),
    ),
    case(
        "titles and parties before the colon",
        "GOV. ELENA MARSH (D): We have closed the gap without a new tax.\n\n"
        "SEN. PAUL NOVAK (R): The gap was moved to next year.",
        ("ELENA MARSH", "We have closed the gap without a new tax", ""),
        ("PAUL NOVAK", "The gap was moved to next year", ""),
    ),
    case(
        "interview whose turns bear full names",
        "Elena Marsh leads the water board. Paul Novak met her at the weir.\n\n"
        "Paul Novak: How many wells ran dry?\n\n"
        "Elena Marsh: Forty wells ran dry this summer.",
        ("Elena Marsh", "Forty wells ran dry this summer", ""),
    ),
]

POSTS = [
    case(
        "signed with a handle and a date",
        "The mayor answered within the hour.\n\n"
        "“We will rebuild the pier. Every plank of it.” — Joan Petrie (@joanpetrie) March 3, 2021\n\n"
        "The pier was built in 1908.",
        ("Joan Petrie", "We will rebuild the pier Every plank of it", "direct"),
    ),
    case(
        "without marks, after the name and a colon",
        "Mayor Joan Petrie tweeted:\n\n"
        "We will rebuild the pier. Every plank of it.\n\n"
        "— Joan Petrie (@joanpetrie) March 3, 2021\n\n"
        "The pier was built in 1908.",
        ("Joan Petrie", "We will rebuild the pier Every plank of it", ""),
    ),
]

UNBALANCED = [
    case(
        "a mark that is never closed",
        '"We lost everything, Anna Kessler said.\n\n'
        "The fire began in the paint store. Forty people were on the second floor.\n\n"
        'Paul Novak, the fire chief, said the doors were locked. "They were chained," he added.',
        ("Anna Kessler", "We lost everything", ""),
        ("Paul Novak", "the doors were locked", "indirect"),
        ("Paul Novak", "They were chained", "direct"),
    ),
    case(
        "a mark that was never opened",
        'It was a long night," Omar Haddad said.\n\n'
        "The road was cleared by noon.\n\n"
        '"The plows are old," said Anna Kessler.',
        ("Omar Haddad", "It was a long night", ""),
        ("Anna Kessler", "The plows are old", "direct"),
    ),
    case(
        "a mark that means inches",
        'The 6" main burst at noon, engineer Paul Novak said. "It was laid in 1931," he added.\n\n'
        "The square was dry by evening.",
        ("Paul Novak", 'The 6" main burst at noon', "indirect"),
        ("Paul Novak", "It was laid in 1931", "direct"),
    ),
]

NESTED = [
    case(
        "both marks closed together",
        "“The clerk looked at me and said, ‘Never again,’” Anna Kessler said.",
        ("Anna Kessler", "The clerk looked at me and said Never again", "direct"),
    ),
    case(
        "single marks outside and double inside",
        "‘She called the plan “a disgrace” and left the room,’ said Omar Haddad.",
        ("Omar Haddad", "She called the plan a disgrace and left the room", "direct"),
    ),
]

DAMAGED = [
    case(
        "all capitals",
        "MAYOR RUTH OKAFOR SAID TUESDAY THAT THE BRIDGE WILL CLOSE FOR REPAIRS.\n\n"
        '"WE HAVE NO CHOICE," SHE SAID.\n\nTHE BRIDGE CARRIES NINE THOUSAND TRUCKS A DAY.',
        ("RUTH OKAFOR", "THE BRIDGE WILL CLOSE FOR REPAIRS", "indirect"),
        ("RUTH OKAFOR", "WE HAVE NO CHOICE", "direct"),
    ),
    case(
        "lines broken by a scanner, a word parted, two kinds of marks",
        "``The levee will hold through\nthe spring,'' said Colonel Amos\nTate, who com-\nmands the engineers.\n\n"
        "He said that the pumps were\ntested on Friday.",
        ("Amos Tate", "The levee will hold through the spring", "direct"),
        ("Amos Tate", "the pumps were tested on Friday", "indirect"),
    ),
    case(
        "marks opened by one sign and closed by another",
        "“The levee will hold,\" said Amos Tate, an engineer.\n\n,,The pumps are new,'' said Ruth Okafor.",
        ("Amos Tate", "The levee will hold", "direct"),
        ("Ruth Okafor", "The pumps are new", "direct"),
    ),
]

HEADLINES = [
    case(
        "a list of headlines",
        "Bridge to close in May\nFerry fares rise again\nStorm leaves 4,000 homes dark\n"
        "Five things to know about the levy\nSchool board picks new chief",
    ),
    case(
        "a list with labels and marked words",
        "Video: Ferry leaves the harbor\nAnalysis: Why the levy passed\nOpinion: The bridge is too old\n"
        "'Ghost' wells found below the weir\nReview: “The Long Winter” at the Globe",
    ),
    case(
        "headlines that say who",
        "Marsh says wells will not run dry\n\nBridge to close in May\n\n"
        "Elena Marsh leads the water board. The town has forty wells.",
        ("Elena Marsh", "wells will not run dry", "indirect"),
    ),
]

LAYOUTS = OVER_PARAGRAPHS + BLOCK_QUOTES + TRANSCRIPTS + POSTS + UNBALANCED + NESTED + DAMAGED + HEADLINES


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*rest, id=name) for name, *rest in LAYOUTS])
def test_statements_are_told_in_every_layout(text, expected):
    check(text, expected)


@pytest.mark.parametrize(
    "before",
    ["🚨🚨 𝗕𝗥𝗘𝗔𝗞𝗜𝗡𝗚 🇫🇷 ", "👩‍👩‍👧‍👦 🏞️\n\n", "𠮷野家 𐍈 – ", "مرحبا 🌊 "],
    ids=["bold letters and a flag", "joined emoji", "rare ideograph", "right to left"],
)
def test_offsets_count_code_points_after_characters_beyond_the_basic_plane(before):
    quotation = "“The dam will hold 🧱 until the spring,”"
    text = f"{before}{quotation} Lise Caron said. “We tested it.”"

    [statement] = extract(text, split_sentences=False)

    start = text.index(quotation)
    assert (statement.content[0].start, statement.content[0].end) == (start, start + len(quotation))
    assert [text[span.start : span.end] for span in statement.source] == ["Lise Caron"]
    assert statement.speaker == "Lise Caron"


@pytest.mark.parametrize("mark", ['"', "“", "”", "«", "''"])
def test_a_stray_mark_at_the_start_does_not_swallow_the_article(mark):
    filler = "\n\n".join(f"The river stood at {depth} feet on day {depth}." for depth in range(3, 40))
    text = f"{mark}Flood week\n\n{filler}\n\n“The dam will hold,” Lise Caron said.\n\n{filler}"

    check(text, [("Lise Caron", "The dam will hold", "direct")])
