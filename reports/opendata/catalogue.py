"""The catalogue by DCAT-AP 3.0: what a portal of portals needs to list the datasets of the hub."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reports.models import DatasetFile, DatasetVersion, OpenDataTerms
from reports.opendata import addresses
from reports.opendata.dataset import Dataset, Words
from reports.opendata.formats import FORMATS, Format
from reports.opendata.graph import Iri, Literal, Node
from reports.opendata.packages import in_languages
from reports.opendata.publisher import publisher_names

EU = "http://publications.europa.eu/resource/authority"
ADMS_LICENCE = "http://purl.org/adms/licencetype"
# What a licence asks for, of those whose address is known; of others nothing is claimed.
LICENCE_TYPES = {
    "https://creativecommons.org/licenses/by/": "Attribution",
    "https://creativecommons.org/licenses/by-sa/": "ViralEffect-ShareAlike",
    "https://creativecommons.org/publicdomain/": "PublicDomain",
}
IANA = "https://www.iana.org/assignments/media-types"
LANGUAGES = ("KAZ", "RUS", "ENG")
PLACE = Iri("http://publications.europa.eu/resource/authority/country/KAZ")
TITLE = _("Open data of the city")
ABOUT = _("Appeals of residents, the figures about them and the reference lists.")
FILE = _("{title} as {format}, version {number}")


def graph(
    found: Sequence[tuple[Dataset, DatasetVersion]], terms: OpenDataTerms, *, begun: dt.datetime | None = None
) -> list[Node]:
    """The catalogue and its publisher, then each dataset with its distributions. `begun`: when the first was made."""
    publisher = _publisher()
    catalogue = Node(f"{addresses.catalogue()}#catalogue").a("dcat:Catalog")
    catalogue.say("dct:title", *_words(TITLE)).say("dct:description", *_words(ABOUT))
    catalogue.say("dct:publisher", Iri(publisher.name)).say("dct:language", *_languages())
    catalogue.say("dct:license", Iri(terms.licence_url)).say("foaf:homepage", Iri(addresses.catalogue()))
    catalogue.say("dct:spatial", PLACE).say("dcat:themeTaxonomy", Iri(f"{EU}/data-theme"))
    if begun:
        catalogue.say("dct:issued", _moment(begun))
    if found:
        newest = max(version.made_at for _dataset, version in found)
        catalogue.say("dct:modified", _moment(newest))
    nodes = [catalogue, publisher, _document(addresses.catalogue()), _licence(terms)]
    for dataset, version in found:
        name = f"{addresses.dataset(dataset.slug)}#dataset"
        catalogue.say("dcat:dataset", Iri(name))
        nodes += [_dataset(name, dataset, version, publisher, terms), _document(addresses.dataset(dataset.slug))]
        nodes += [_distribution(dataset, version, file, terms) for file in version.files.all()]
    return nodes


def _moment(moment: dt.datetime) -> Literal:
    return Literal(moment.isoformat(timespec="seconds"), type="xsd:dateTime")


def _literals(words: dict[str, str]) -> list[Literal]:
    return [Literal(text, language=language) for language, text in words.items()]


def _words(words: Words) -> list[Literal]:
    return _literals(in_languages(words))


def _languages() -> list[Iri]:
    return [Iri(f"{EU}/language/{code}") for code in LANGUAGES]


def _publisher() -> Node:
    node = Node(f"{addresses.catalogue()}#publisher").a("foaf:Agent")
    node.say("foaf:name", *_literals(dict(publisher_names())))
    node.say("dct:type", Iri("http://purl.org/adms/publishertype/LocalAuthority"))
    return node


def _document(address: str) -> Node:
    return Node(address).a("foaf:Document")


def _licence(terms: OpenDataTerms) -> Node:
    node = Node(terms.licence_url).a("dct:LicenseDocument").say("dct:title", Literal(terms.licence_title))
    kinds = [kind for address, kind in LICENCE_TYPES.items() if terms.licence_url.startswith(address)]
    return node.say("dct:type", *(Iri(f"{ADMS_LICENCE}/{kind}") for kind in kinds))


def _contact(terms: OpenDataTerms) -> Node:
    node = Node().a("vcard:Kind").say("vcard:fn", *_literals(dict(publisher_names())))
    if terms.contact_email:
        return node.say("vcard:hasEmail", Iri(f"mailto:{terms.contact_email}"))
    return node.say("vcard:hasURL", Iri(addresses.catalogue()))


def _dataset(name: str, dataset: Dataset, version: DatasetVersion, publisher: Node, terms: OpenDataTerms) -> Node:
    node = Node(name).a("dcat:Dataset")
    node.say("dct:title", *_words(dataset.title)).say("dct:description", *_words(dataset.description))
    node.say("dct:identifier", Literal(dataset.slug)).say("dct:publisher", Iri(publisher.name))
    node.say("dcat:contactPoint", _contact(terms)).say("dcat:theme", Iri(f"{EU}/data-theme/GOVE"))
    for keyword in dataset.keywords:
        node.say("dcat:keyword", *_words(keyword))
    node.say("dct:accrualPeriodicity", Iri(f"{EU}/frequency/{dataset.every.value}"))
    node.say("dct:accessRights", Iri(f"{EU}/access-right/PUBLIC")).say("dct:language", *_languages())
    node.say("dct:spatial", PLACE).say("dcat:version", Literal(str(version.number)))
    node.say("dct:modified", _moment(version.made_at))
    node.say("dcat:landingPage", Iri(addresses.dataset(dataset.slug)))
    if version.covers_from and version.covers_until:
        stretch = Node().a("dct:PeriodOfTime")
        stretch.say("dcat:startDate", Literal(version.covers_from.isoformat(), type="xsd:date"))
        stretch.say("dcat:endDate", Literal(version.covers_until.isoformat(), type="xsd:date"))
        node.say("dct:temporal", stretch)
    return node.say("dcat:distribution", *(Iri(_name_of(version, file)) for file in version.files.all()))


def _name_of(version: DatasetVersion, file: DatasetFile) -> str:
    name = FORMATS[file.format].file_name(version.dataset)
    return f"{addresses.file(version.dataset, version.number, name)}#distribution"


def _distribution(dataset: Dataset, version: DatasetVersion, file: DatasetFile, terms: OpenDataTerms) -> Node:
    entry = FORMATS[file.format]
    address = addresses.file(dataset.slug, version.number, entry.file_name(dataset.slug))
    checksum = Node().a("spdx:Checksum").say("spdx:algorithm", Iri("spdx:checksumAlgorithm_sha256"))
    checksum.say("spdx:checksumValue", Literal(file.sha256, type="xsd:hexBinary"))
    node = Node(_name_of(version, file)).a("dcat:Distribution")
    node.say("dct:title", Literal(f"{entry.name}, {version.number}"))
    node.say("dct:description", *_file_words(dataset, entry, version)).say("dct:language", *_languages())
    node.say("dcat:accessURL", Iri(addresses.dataset(dataset.slug))).say("dcat:downloadURL", Iri(address))
    node.say("dct:format", Iri(f"{EU}/file-type/{entry.authority}"))
    if entry.is_registered:
        node.say("dcat:mediaType", Iri(f"{IANA}/{entry.media_type}"))
    node.say("dcat:byteSize", Literal(str(file.size), type="xsd:nonNegativeInteger"))
    node.say("dct:license", Iri(terms.licence_url)).say("spdx:checksum", checksum)
    node.say("dcatap:availability", Iri(f"{EU}/planned-availability/STABLE"))
    return node.say("dct:issued", _moment(version.made_at))


def _file_words(dataset: Dataset, entry: Format, version: DatasetVersion) -> list[Literal]:
    titles, words = in_languages(dataset.title), in_languages(FILE)
    return _literals({
        language: text.format(title=titles[language], format=entry.name, number=version.number)
        for language, text in words.items()
    })  # fmt: skip
