"""A paper is read again: every figure beside the one the plan gives."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforce.papers.documents.reread import differences as differing
from enforce.papers.documents.reread import own_figures, read_paragraphs
from tests.papers.documents.paper import TEXT, filled


def differences(document, texts):
    return list(differing("计划.docx", texts, document))


def test_a_paper_as_it_was_written_differs_nowhere(tmp_path):
    document = filled(tmp_path)
    assert differences(document, read_paragraphs(document.content)) == []


def test_one_digit_flipped_is_named_with_sentence_printed_and_true_value_and_field(tmp_path):
    document = filled(tmp_path)
    texts = ["计划", "全年计划检查267家次。", "1. 甲178家次", "2. 乙83家次"]
    [one] = differences(document, texts)
    assert (one.printed, one.true, one.field, one.figure) == ("267", "261", "总家次", True)
    assert one.sentence == "全年计划检查267家次。"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_digit_flipped_is_seen(tmp_path, data):
    document = filled(tmp_path)
    texts = [passage.text for passage in document.passages]
    places = [(n, m) for n, text in enumerate(texts) for m, sign in enumerate(text) if sign.isdigit()]
    n, m = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != texts[n][m]]))
    texts[n] = texts[n][:m] + digit + texts[n][m + 1 :]
    [one] = differences(document, texts)
    assert one.figure
    assert one.printed != one.true


def test_figures_written_full_width_are_the_same_figures(tmp_path):
    document = filled(tmp_path)
    assert differences(document, ["计划", "全年计划检查２６１家次。", "1. 甲178家次", "2. 乙83家次"]) == []


def test_words_changed_by_hand_are_told_and_are_no_fault_of_figures(tmp_path):
    document = filled(tmp_path)
    [one] = differences(document, ["计划", "今年计划检查261家次。", "1. 甲178家次", "2. 乙83家次"])
    assert not one.figure


def test_a_figure_changed_with_its_words_is_seen(tmp_path):
    document = filled(tmp_path)
    [one] = differences(document, ["计划", "今年拟检查216家次。", "1. 甲178家次", "2. 乙83家次"])
    assert (one.figure, one.printed, one.true) == (True, "216", "261")


def test_a_sentence_left_out_or_added_is_seen(tmp_path):
    document = filled(tmp_path)
    [gone] = differences(document, ["计划", "全年计划检查261家次。", "2. 乙83家次"])
    assert gone.figure
    assert "178" in gone.true
    [more] = differences(document, ["计划", "全年计划检查261家次。", "1. 甲178家次", "2. 乙83家次", "另有5家次"])
    assert (more.figure, more.printed) == (True, "5")


def test_a_figure_that_no_field_gave_is_named(tmp_path):
    document = filled(tmp_path, TEXT + "比上年多12家次。\n")
    [one] = own_figures(document)
    assert "12" in one
