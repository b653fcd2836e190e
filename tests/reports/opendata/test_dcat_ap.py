"""The catalogue keeps DCAT-AP 3.0, class by class: what is mandatory and recommended, how often, and of what kind.

Written down from the SHACL shapes of the specification (core constraints, recommendations, ranges, vocabularies).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from reports.opendata import making
from reports.opendata.catalogue import EU, IANA
from reports.opendata.dataset import listed
from tests.factories import make_area, make_topic
from tests.reports.opendata.statements import TYPE, Statement, of_json_ld, of_turtle, whole

pytestmark = pytest.mark.django_db
LITERAL, TEXT, MOMENT, IRI = "literal", "text", "moment", "iri"
MANY = 10_000
# Things of vocabularies that are maintained elsewhere: by what their names begin with.
VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "dct:LinguisticSystem": (f"{EU}/language/",),
    "dct:Frequency": (f"{EU}/frequency/",),
    "dct:RightsStatement": (f"{EU}/access-right/",),
    "dct:Location": (f"{EU}/country/", f"{EU}/continent/", f"{EU}/place/", "http://sws.geonames.org/"),
    "dct:MediaTypeOrExtent": (f"{EU}/file-type/",),
    "dct:MediaType": (f"{IANA}/",),
    "skos:ConceptScheme": (f"{EU}/data-theme",),
}
CONCEPTS: Mapping[str, tuple[str, ...]] = {
    "dcat:theme": (f"{EU}/data-theme/",),
    "dcatap:availability": (f"{EU}/planned-availability/",),
}
TYPES: Mapping[str, tuple[str, ...]] = {
    "foaf:Agent": ("http://purl.org/adms/publishertype/",),
    "dct:LicenseDocument": ("http://purl.org/adms/licencetype/",),
}


@dataclass(frozen=True)
class Rule:
    """How often a property is said, and what its values are: a kind, or a class."""

    kind: str
    least: int = 0
    most: int = MANY


def must(kind: str, most: int = MANY) -> Rule:
    """Mandatory, or recommended and known to the hub."""
    return Rule(kind, 1, most)


def one(kind: str) -> Rule:
    return Rule(kind, 0, 1)


PROFILE: Mapping[str, Mapping[str, Rule]] = {
    "dcat:Catalog": {
        "dct:title": must(TEXT), "dct:description": must(TEXT), "dct:publisher": must("foaf:Agent", 1),
        "dcat:dataset": must("dcat:Dataset"), "dct:language": must("dct:LinguisticSystem"),
        "dct:license": must("dct:LicenseDocument", 1), "dct:spatial": must("dct:Location"),
        "dct:issued": must(MOMENT, 1), "dct:modified": must(MOMENT, 1), "foaf:homepage": must("foaf:Document", 1),
        "dcat:themeTaxonomy": must("skos:ConceptScheme"),
    },
    "dcat:Dataset": {
        "dct:title": must(TEXT), "dct:description": must(TEXT), "dcat:contactPoint": must("vcard:Kind"),
        "dcat:distribution": must("dcat:Distribution"), "dcat:keyword": must(TEXT),
        "dct:publisher": must("foaf:Agent", 1), "dct:spatial": must("dct:Location"),
        "dct:temporal": Rule("dct:PeriodOfTime"), "dcat:theme": must("skos:Concept"),
        "dct:accessRights": must("dct:RightsStatement", 1), "dct:accrualPeriodicity": must("dct:Frequency", 1),
        "dct:identifier": must(LITERAL), "dct:language": must("dct:LinguisticSystem"),
        "dcat:landingPage": must("foaf:Document"), "dct:modified": must(MOMENT, 1), "dcat:version": must(LITERAL, 1),
    },
    "dcat:Distribution": {
        "dcat:accessURL": must(IRI), "dcat:downloadURL": must(IRI), "dct:title": must(LITERAL),
        "dct:description": must(TEXT), "dcatap:availability": must("skos:Concept", 1),
        "dct:format": must("dct:MediaTypeOrExtent", 1), "dct:license": must("dct:LicenseDocument", 1),
        "dcat:mediaType": one("dct:MediaType"), "dcat:byteSize": must("xsd:nonNegativeInteger", 1),
        "spdx:checksum": must("spdx:Checksum", 1), "dct:issued": must(MOMENT, 1),
        "dct:language": must("dct:LinguisticSystem"),
    },
    "foaf:Agent": {"foaf:name": must(TEXT), "dct:type": must("skos:Concept", 1)},
    "dct:LicenseDocument": {"dct:title": must(LITERAL), "dct:type": must("skos:Concept")},
    "vcard:Kind": {"vcard:fn": must(TEXT), "vcard:hasEmail": Rule(IRI), "vcard:hasURL": Rule(IRI)},
    "spdx:Checksum": {"spdx:algorithm": must(IRI, 1), "spdx:checksumValue": must("xsd:hexBinary", 1)},
    "dct:PeriodOfTime": {"dcat:startDate": must(MOMENT, 1), "dcat:endDate": must(MOMENT, 1)},
    "foaf:Document": {},
}  # fmt: skip
# What no period is told of: lists of what is in force, and texts.
TIMELESS = {"metric-dictionary", "reference-lists", "terms", "appeal-texts"}


@pytest.fixture
def made(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_topic()
    make_area()
    for dataset in listed():
        making.order(dataset.slug)
    making.make_waiting()


def read(client: Client, spelling: str) -> str:
    return client.get(reverse(f"reports:data-{spelling}")).content.decode()


@dataclass
class Catalogue:
    """Statements by thing and property, and the class of each thing."""

    said: dict[str, dict[str, list[str]]]

    @classmethod
    def of(cls, statements: set[Statement]) -> Catalogue:
        said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for thing, name, value in statements:
            said[thing][name].append(value)
        return cls(said)

    def problems(self) -> list[str]:
        found = []
        for thing, said in self.said.items():
            kinds = [kind for kind in PROFILE if whole(kind) in said[TYPE]]
            if len(kinds) != 1 or len(said[TYPE]) != 1:
                found.append(f"{thing}: is of {said[TYPE]}")
                continue
            found += self._wrong(thing, kinds[0], said)
        return found

    def _wrong(self, thing: str, kind: str, said: dict[str, list[str]]) -> list[str]:
        rules = {whole(name): (name, rule) for name, rule in PROFILE[kind].items()}
        found = [f"{kind} {thing}: {name} is unknown" for name in said if name not in rules and name != TYPE]
        for full, (name, rule) in rules.items():
            values = said.get(full, [])
            if not rule.least <= len(values) <= rule.most:
                found.append(f"{kind} {thing}: {name} is said {len(values)} times")
            found += [f"{kind} {thing}: {name} {value}" for value in values if not self._fits(value, kind, name, rule)]
        return found

    def _fits(self, value: str, kind: str, name: str, rule: Rule) -> bool:
        is_literal = value.startswith('"')
        if rule.kind == LITERAL:
            return is_literal
        if rule.kind == TEXT:
            return re.fullmatch(r'"(?s:.+)"@(kk|ru|en)\^\^', value) is not None
        if rule.kind == MOMENT:
            return value.endswith((f"^^{whole('xsd:date')}", f"^^{whole('xsd:dateTime')}"))
        if rule.kind.startswith("xsd:"):
            return value.endswith(f"^^{whole(rule.kind)}")
        if is_literal or (rule.kind == IRI and value.startswith("_:")):
            return False
        return rule.kind == IRI or self._is_of(value, kind, name, rule)

    def _is_of(self, value: str, kind: str, name: str, rule: Rule) -> bool:
        if value in self.said:
            return whole(rule.kind) in self.said[value][TYPE]
        begins = VOCABULARIES.get(rule.kind, ())
        if rule.kind == "skos:Concept":
            begins = TYPES[kind] if name == "dct:type" else CONCEPTS[name]
        return value.startswith(begins)


@pytest.mark.usefixtures("made")
def test_the_catalogue_keeps_the_profile_in_both_spellings(client: Client) -> None:
    assert client.get(reverse("reports:data-jsonld")).headers["Content-Type"] == "application/ld+json"
    assert client.get(reverse("reports:data-turtle")).headers["Content-Type"].startswith("text/turtle")
    statements = of_json_ld(read(client, "jsonld"))
    catalogue = Catalogue.of(statements)
    assert catalogue.problems() == []
    assert statements == of_turtle(read(client, "turtle"))
    datasets = [thing for thing, said in catalogue.said.items() if whole("dcat:Dataset") in said[TYPE]]
    assert len(datasets) == len(listed())
    timed = {thing for thing in datasets if whole("dct:temporal") in catalogue.said[thing]}
    assert any(thing.endswith("/data/years-before-the-hub/#dataset") for thing in timed)
    assert not [thing for thing in timed if thing.rsplit("/", 2)[1] in TIMELESS]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('"dct:publisher"', '"dct:creator"', "dct:publisher is said 0 times"),
        (f"{EU}/frequency/", "https://example.kz/", "dct:accrualPeriodicity https://example.kz/"),
        ('"@type": "xsd:hexBinary"', '"@language": "en"', "spdx:checksumValue"),
        ('"dcat:landingPage"', '"dcat:landingpage"', "is unknown"),
    ],
)
def test_the_rules_see_what_is_wrong(client: Client, was: str, becomes: str, problem: str) -> None:
    text = read(client, "jsonld")
    assert was in text
    assert any(problem in found for found in Catalogue.of(of_json_ld(text.replace(was, becomes))).problems())


def test_a_hub_that_has_published_nothing_has_a_catalogue_all_the_same(client: Client) -> None:
    assert of_json_ld(read(client, "jsonld")) == of_turtle(read(client, "turtle"))
