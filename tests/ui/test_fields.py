"""A field says what it is, what is wrong with it, and to whom each hint and error belongs."""

import re

from django import forms
from django.template import engines
from django.utils import translation

from ui import widgets


class AppealForm(forms.Form):
    text = forms.CharField(label="Text", help_text="What happened", widget=forms.Textarea)
    phone = forms.CharField(label="Phone", required=False, widget=widgets.PhoneInput)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    when = forms.DateField(label="When", widget=widgets.DateInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source, **context):
    with translation.override("en"):
        return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_hint_and_error_are_tied_to_the_input():
    form = AppealForm({"text": ""})
    html = render("{% field form.text count=2000 %}", form=form)
    described = re.search(r'<textarea[^>]*aria-describedby="([^"]*)"', html)[1].split()
    assert described == ["id_text-hint", "id_text-error", "id_text-count"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html


def test_a_field_without_hint_and_error_points_to_nothing():
    html = render("{% field form.phone %}", form=AppealForm())
    assert "aria-describedby" not in html
    assert "(optional)" in html


def test_radios_are_a_group_with_a_legend():
    html = render("{% field form.kind %}", form=AppealForm({"kind": "b"}))
    assert html.count('type="radio"') == 2
    assert "<legend" in html
    assert re.search(r'value="b" checked', html)


def test_error_summary_leads_to_each_field_and_to_the_first_choice_of_a_group():
    html = render("{% error_summary form %}", form=AppealForm({"text": ""}))
    assert re.findall(r'href="#([^"]*)"', html) == ["id_text", "id_kind_0", "id_agree"]


def test_error_summary_is_silent_while_nothing_is_wrong():
    assert render("{% error_summary form %}", form=AppealForm()).strip() == ""


def test_all_fields_render_and_hidden_ones_stay_hidden():
    html = render("{% fields form %}", form=AppealForm())
    assert html.count("govuk-form-group") == 5
    assert 'type="hidden" name="token"' in html


def test_typed_text_cannot_break_out_of_the_page():
    form = AppealForm({"text": "</textarea><script>alert(1)</script>", "kind": "<b>"})
    html = render("{% error_summary form %}{% fields form %}", form=form)
    assert "<script>" not in html


def test_a_date_keeps_the_form_the_browser_wants_in_every_language():
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            form = AppealForm(initial={"when": "2026-11-23"})
            assert 'value="2026-11-23"' in str(form["when"])


def test_one_time_code_helps_the_phone_to_fill_it_in():
    html = render("{% field form.phone code=True %}", form=AppealForm())
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html


def test_other_keywords_become_attributes():
    assert 'data-key="n"' in render('{% field form.phone data_key="n" %}', form=AppealForm())
