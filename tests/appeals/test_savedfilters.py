"""A person's own views of the queue."""

import pytest

from appeals import savedfilters
from appeals.models import SavedFilter
from common.errors import Conflict, NotFound, ValidationFailed
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_saving_under_the_same_name_replaces():
    user = make_user()
    savedfilters.save_filter(user=user, name="Су", query="tab=all&q=су")
    savedfilters.save_filter(user=user, name="  Су ", query="tab=unit")
    assert list(SavedFilter.objects.values_list("name", "query")) == [("Су", "tab=unit")]


def test_at_most_one_filter_opens_first():
    user, other = make_user(), make_user()
    savedfilters.save_filter(user=other, name="A", query="tab=all", is_default=True)
    first = savedfilters.save_filter(user=user, name="A", query="tab=all", is_default=True)
    second = savedfilters.save_filter(user=user, name="B", query="tab=unit", is_default=True)
    assert set(SavedFilter.objects.filter(is_default=True, user=user).values_list("pk", flat=True)) == {second.pk}
    savedfilters.open_first(first.pk, user=user)
    assert set(SavedFilter.objects.filter(is_default=True, user=user).values_list("pk", flat=True)) == {first.pk}
    savedfilters.open_first(first.pk, user=user, wanted=False)
    assert not SavedFilter.objects.filter(is_default=True, user=user).exists()
    assert SavedFilter.objects.filter(is_default=True, user=other).exists()


def test_deleted_filter_can_be_given_back():
    user = make_user()
    kept = savedfilters.save_filter(user=user, name="Су", query="tab=all&q=су", is_default=True)
    deleted = savedfilters.delete_filter(kept.pk, user=user)
    assert not SavedFilter.objects.exists()
    savedfilters.save_filter(user=user, name=deleted.name, query=deleted.query, is_default=deleted.is_default)
    assert list(SavedFilter.objects.values_list("name", "query", "is_default")) == [("Су", "tab=all&q=су", True)]


def test_filters_of_others_do_not_exist():
    kept = savedfilters.save_filter(user=make_user(), name="Су", query="tab=all")
    stranger = make_user()
    with pytest.raises(NotFound):
        savedfilters.delete_filter(kept.pk, user=stranger)
    with pytest.raises(NotFound):
        savedfilters.open_first(kept.pk, user=stranger)


def test_bounds():
    user = make_user()
    with pytest.raises(ValidationFailed):
        savedfilters.save_filter(user=user, name=" ", query="tab=all")
    with pytest.raises(ValidationFailed):
        savedfilters.save_filter(user=user, name="а" * 81, query="tab=all")
    with pytest.raises(ValidationFailed):
        savedfilters.save_filter(user=user, name="а", query="q=" + "а" * 1000)
    for number in range(savedfilters.MOST_FILTERS):
        savedfilters.save_filter(user=user, name=str(number), query="tab=all")
    with pytest.raises(Conflict):
        savedfilters.save_filter(user=user, name="one more", query="tab=all")
    savedfilters.save_filter(user=user, name="0", query="tab=unit")
