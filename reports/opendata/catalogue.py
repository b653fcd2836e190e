"""The catalogue by DCAT-AP 3.0: what a portal of portals needs to list the datasets of the hub."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reports.models import DatasetFile, DatasetVersion, OpenDataTerms
from reports.opendata import addresses
from reports.opendata.dataset import Dataset, Words
from reports.opendata.formats import FORMATS
from reports.opendata.graph import Iri, Literal, Node
from reports.opendata.packages import in_languages
from reports.opendata.publisher import publisher_names

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
LANGUAGES = ("KAZ", "RUS", "ENG")
PLACE = Iri("http://publications.europa.eu/resource/authority/country/KAZ")
TITLE = _("Open data of the city")
ABOUT = _("Appeals of residents, the figures about them and the reference lists.")


def graph(found: Sequence[tuple[Dataset, DatasetVersion]], terms: OpenDataTerms) -> list[Node]:
    """The catalogue and its publisher, then each dataset with its distributions."""
    publisher = _publisher()
    catalogue = Node(f"{addresses.catalogue()}#catalogue").a("dcat:Catalog")
    catalogue.say("dct:title", *_words(TITLE)).say("dct:description", *_words(ABOUT))
    catalogue.say("dct:publisher", Iri(publisher.name)).say("dct:language", *_languages())
    catalogue.say("dct:license", Iri(terms.licence_url)).say("foaf:homepage", Iri(addresses.catalogue()))
    catalogue.say("dct:spatial", PLACE)
    if found:
        newest = max(version.made_at for _dataset, version in found)
        catalogue.say("dct:modified", Literal(newest.isoformat(timespec="seconds"), type="xsd:dateTime"))
    nodes = [catalogue, publisher, _document(addresses.catalogue()), _licence(terms)]
    for dataset, version in found:
        name = f"{addresses.dataset(dataset.slug)}#dataset"
        catalogue.say("dcat:dataset", Iri(name))
        nodes += [_dataset(name, dataset, version, publisher, terms), _document(addresses.dataset(dataset.slug))]
        nodes += [_distribution(dataset, version, file, terms) for file in version.files.all()]
    return nodes


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
    return Node(terms.licence_url).a("dct:LicenseDocument").say("dct:title", Literal(terms.licence_title))


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
    node.say("dct:modified", Literal(version.made_at.isoformat(timespec="seconds"), type="xsd:dateTime"))
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
    node.say("dcat:accessURL", Iri(addresses.dataset(dataset.slug))).say("dcat:downloadURL", Iri(address))
    node.say("dct:format", Iri(f"{EU}/file-type/{entry.authority}"))
    node.say("dcat:mediaType", Iri(f"{IANA}/{entry.media_type}"))
    node.say("dcat:byteSize", Literal(str(file.size), type="xsd:nonNegativeInteger"))
    node.say("dct:license", Iri(terms.licence_url)).say("spdx:checksum", checksum)
    node.say("dcatap:availability", Iri(f"{EU}/planned-availability/STABLE"))
    return node.say("dct:issued", Literal(version.made_at.isoformat(timespec="seconds"), type="xsd:dateTime"))
