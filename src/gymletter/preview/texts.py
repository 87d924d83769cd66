"""The words of the preview site, in Dutch and English; its script gets them with the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gymletter.pages.language import Language

_PAIRS: Mapping[str, tuple[str, str]] = {
    "preview": ("Voorbeeld", "Preview"),
    "skip": ("Naar de mail", "Skip to the mail"),
    "issues": ("Edities", "Issues"),
    "no_issues": ("Nog geen edities", "No issues yet"),
    "no_issues_hint": (
        "Maak er een met: gymletter compose 2025-08",
        "Make one with: gymletter compose 2025-08",
    ),
    "filter": ("Zoek een editie", "Find an issue"),
    "draft": ("concept", "draft"),
    "checked": ("gecontroleerd", "checked"),
    "sent": ("verstuurd", "sent"),
    "articles_one": ("1 artikel", "1 article"),
    "articles_many": ("{count} artikelen", "{count} articles"),
    "mail": ("Mail", "Mail"),
    "in_inbox": ("In de inbox", "In the inbox"),
    "text": ("Tekst", "Text"),
    "headers": ("Headers", "Headers"),
    "source": ("Bron", "Source"),
    "views": ("Weergave", "View"),
    "edit": ("Bewerken", "Edit"),
    "findings": ("Controle", "Checks"),
    "panels": ("Bewerken en controle", "Editing and checks"),
    "width": ("Breedte", "Width"),
    "desktop": ("Desktop", "Desktop"),
    "tablet": ("Tablet", "Tablet"),
    "phone": ("Telefoon", "Phone"),
    "narrow": ("320", "320"),
    "pair": ("Samen", "Together"),
    "own_width": ("Eigen breedte", "Own width"),
    "drag": ("Sleep voor een andere breedte", "Drag for another width"),
    "scheme": ("Licht of donker", "Light or dark"),
    "light": ("Licht", "Light"),
    "dark": ("Donker", "Dark"),
    "both": ("Beide", "Both"),
    "pictures": ("Afbeeldingen", "Pictures"),
    "client": ("Mailprogramma", "Mail program"),
    "client_none": ("Zoals verstuurd", "As sent"),
    "client_outlook": ("Outlook-achtig", "Outlook-like"),
    "client_gmail": ("Gmail-achtig", "Gmail-like"),
    "about_outlook": (
        "Een benadering van Outlook voor Windows: zonder stijlblad, ronde hoeken en maximale "
        "breedtes, altijd licht.",
        "An approximation of Outlook for Windows: no style sheet, round corners or maximum "
        "widths, always light.",
    ),
    "about_gmail": (
        "Een benadering van Gmail: zonder eigen donkere kleuren, te lange stijlen vervallen, "
        "afgekapt op 102 kB.",
        "An approximation of Gmail: no dark colours of the mail's own, styles that are too long "
        "are dropped, clipped at 102 KB.",
    ),
    "clipped": (
        "[Bericht ingekort]  Volledig bericht weergeven",
        "[Message clipped]  View entire message",
    ),
    "zoom": ("Zoom", "Zoom"),
    "fit": ("Passend", "Fit"),
    "full": ("100%", "100%"),
    "as": ("Als", "As"),
    "as_title": ("Bekijk als", "Look at it as"),
    "as_hint": (
        "Voorbeeldleden, of typ een naam of adres van een lid.",
        "Made-up members, or type the name or address of a member.",
    ),
    "search_member": ("Zoek een lid", "Find a member"),
    "nobody": ("Niemand gevonden", "Nobody found"),
    "reveal": ("Toon adressen", "Show addresses"),
    "person_sample": ("Voorbeeldlid", "Made-up member"),
    "person_nameless": ("Zonder voornaam", "No first name"),
    "person_odd": ("Een vreemde naam", "An odd name"),
    "person_long": ("Een lange naam", "A long name"),
    "close": ("Sluiten", "Close"),
    "test": ("Stuur een test", "Send a test"),
    "test_title": ("Stuur een test", "Send a test"),
    "test_hint": (
        "Eén mail via de ingestelde provider, alleen naar dit adres. Verder krijgt niemand iets.",
        "One mail through the configured provider, to this address alone. No campaign begins.",
    ),
    "test_to": ("Naar", "To"),
    "test_send": ("Stuur", "Send"),
    "test_busy": ("Bezig …", "Sending …"),
    "download": ("Download .eml", "Download .eml"),
    "subject": ("Onderwerp", "Subject"),
    "preheader": ("Preheader", "Preheader"),
    "preheader_hint": (
        "De woorden na het onderwerp in de inbox.",
        "The words after the subject in the inbox.",
    ),
    "characters": ("{count} tekens", "{count} characters"),
    "articles": ("Artikelen", "Articles"),
    "title": ("Titel", "Title"),
    "summary": ("Samenvatting", "Summary"),
    "up": ("Omhoog: {title}", "Move up: {title}"),
    "down": ("Omlaag: {title}", "Move down: {title}"),
    "take": ("Opnemen: {title}", "Include: {title}"),
    "offered": ("Nog niet opgenomen", "Not included"),
    "none_offered": (
        "In deze periode is er verder niets gevonden.",
        "Nothing else was found in these days.",
    ),
    "skipped": ("Overgeslagen", "Skipped"),
    "untitled": ("Zonder titel", "Untitled"),
    "collect": ("Verzamel opnieuw", "Collect again"),
    "collecting": ("Artikelen verzamelen …", "Collecting articles …"),
    "saved": ("Opgeslagen in {file}", "Saved to {file}"),
    "frozen": (
        "Verstuurd: deze editie ligt vast",
        "Sent: this issue is fixed",
    ),
    "undone": ("Ongedaan gemaakt", "Undone"),
    "undo": ("Maak ongedaan", "Undo"),
    "conflict": (
        "Het bestand is intussen veranderd. Je tekst staat er nog: kijk, en sla opnieuw op.",
        "The file has changed in the meantime. Your text is still here: look, and save again.",
    ),
    "no_findings": ("Niets op aan te merken", "Nothing to point out"),
    "no_findings_hint": (
        "Alle controles zijn geslaagd.",
        "All checks passed.",
    ),
    "error": ("Fouten", "Errors"),
    "warning": ("Waarschuwingen", "Warnings"),
    "note": ("Opmerkingen", "Notes"),
    "show_place": ("Toon in de mail", "Show in the mail"),
    "see_as": ("Bekijk: {how}", "See: {how}"),
    "size": ("{kb} van 102 kB", "{kb} of 102 KB"),
    "size_title": ("Omvang", "Size"),
    "size_hint": (
        "Boven 102 kB kapt Gmail de mail af.",
        "Above 102 KB Gmail clips the mail.",
    ),
    "broken": ("Zo kan de mail niet gemaakt worden", "The mail cannot be made like this"),
    "broken_hint": (
        "Zodra het bestand klopt, verschijnt de mail vanzelf weer.",
        "As soon as the file is right, the mail comes back by itself.",
    ),
    "making": ("De mail wordt gemaakt …", "Making the mail …"),
    "gone": ("De verbinding is verbroken", "The connection was lost"),
    "gone_hint": (
        "Start het voorbeeld opnieuw: gymletter preview",
        "Start the preview again: gymletter preview",
    ),
    "phone_list": ("Op een telefoon", "On a phone"),
    "desktop_list": ("Op een desktop", "On a desktop"),
    "about_lists": (
        "Een benadering: elk programma kapt op zijn eigen breedte af.",
        "An approximation: each program cuts at its own width.",
    ),
    "now": ("09:41", "9:41"),
    "choose": ("Kies een editie", "Choose an issue"),
    "cut": ("De rest is te lang om hier te tonen.", "The rest is too long to show here."),
    "lines": ("Regel {line}", "Line {line}"),
    "drop_here": ("Versleep om te ordenen", "Drag to reorder"),
}

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "nl": {name: pair[0] for name, pair in _PAIRS.items()},
    "en": {name: pair[1] for name, pair in _PAIRS.items()},
}
