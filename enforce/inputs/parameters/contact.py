"""The contact (联系人): whom to call about a letter, from a small file of the bureau that is in no repository."""

from __future__ import annotations

from typing import Annotated

from enforce.inputs.parameters.entries import Entry, checked, filled_in, form
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.words.problems import refuse
from enforce.words.texts import beside, shown_path

Filled = Annotated[str, form(filled_in)]


class Contact(Entry):
    """One person or office, and its telephone: the one place where a number of a person may stand."""

    name: Filled
    phone: Filled


def read_contact(plan: Plan) -> Contact | None:
    """Read the contact a plan names; None where it names none. InputError tells every problem of the file."""
    if not plan.contact:
        return None
    path = beside(plan.path, plan.contact)
    source = read_yaml(path)
    contact, problems = checked(Contact, source, shown_path(path))
    refuse(located(problems, source, Contact))
    return contact
