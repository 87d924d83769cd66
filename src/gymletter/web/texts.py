"""The words of the public pages, per language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    """`{name}` is the newsletter's, `{date}` the day a pause ends."""

    leave_title: str = "Afmelden"
    leave_question: str = "Wil je {name} niet meer ontvangen?"
    leave_button: str = "Meld me af"
    left_title: str = "Je bent afgemeld"
    left_text: str = "Je ontvangt {name} niet meer."
    pause_link: str = "Liever een tijdje pauze?"
    pause_title: str = "Even pauze"
    pause_question: str = "Hoe lang wil je {name} niet ontvangen?"
    pause_choices: tuple[tuple[int, str], ...] = (
        (1, "1 maand"),
        (2, "2 maanden"),
        (3, "3 maanden"),
        (6, "6 maanden"),
    )
    pause_end: str = "Geen pauze meer"
    pause_button: str = "Bewaar mijn keuze"
    paused_now: str = "Je hebt nu pauze tot {date}."
    saved_title: str = "Bewaard"
    saved_text: str = (
        "Je keuze voor {name} is bewaard. Na de pauze krijg je de nieuwsbrief vanzelf weer."
    )
    resumed_text: str = "De pauze is voorbij: je ontvangt {name} weer."
    leave_link: str = "Liever helemaal afmelden?"
    close: str = "Je kunt deze pagina sluiten."
    missing_title: str = "Deze pagina is er niet"
    missing_text: str = "Gebruik de link onderaan een nieuwsbrief."
    later_title: str = "Het lukt nu even niet"
    later_text: str = "Er is niets veranderd. Probeer het over een paar minuten opnieuw."
    bad_title: str = "Dit is niet gelukt"
    bad_text: str = "Er is niets veranderd. Ga terug en gebruik de knop op de pagina."
    date_format: str = "{0.day}-{0.month}-{0.year}"


NL = Texts()
EN = Texts(
    leave_title="Unsubscribe",
    leave_question="Stop receiving {name}?",
    leave_button="Unsubscribe me",
    left_title="You are unsubscribed",
    left_text="You will no longer receive {name}.",
    pause_link="Prefer to take a break?",
    pause_title="Take a break",
    pause_question="For how long would you like to pause {name}?",
    pause_choices=((1, "1 month"), (2, "2 months"), (3, "3 months"), (6, "6 months")),
    pause_end="End the break",
    pause_button="Save my choice",
    paused_now="You are on a break until {date}.",
    saved_title="Saved",
    saved_text="Your choice for {name} is saved. After the break you will receive it again.",
    resumed_text="The break is over: you will receive {name} again.",
    leave_link="Prefer to unsubscribe altogether?",
    close="You can close this page.",
    missing_title="There is no such page",
    missing_text="Use the link at the foot of a newsletter.",
    later_title="This does not work just now",
    later_text="Nothing was changed. Please try again in a few minutes.",
    bad_title="That did not work",
    bad_text="Nothing was changed. Go back and use the button on the page.",
    date_format="{0.year}-{0.month:02}-{0.day:02}",
)
_BY_LANGUAGE = {"nl": NL, "en": EN}


def texts_of(*languages: str) -> tuple[str, Texts]:
    """The first of `languages` that there are words for, and the words."""
    language = next((name for name in languages if name in _BY_LANGUAGE), "nl")
    return language, _BY_LANGUAGE[language]
