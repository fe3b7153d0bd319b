"""HTML to plain text."""

import pytest

from normalizer.email.mail import read_mail
from normalizer.email.markup import render
from normalizer.text import trim


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hej</p><p>då</p>", "Hej\n\ndå"),
        ("<div>Hej</div><div>då</div>", "Hej\ndå"),
        ("Hej<br>då<br><br>igen", "Hej\ndå\n\nigen"),
        ("  Hej \n\t på <b> dig </b>!", "Hej på dig !"),
        ("<b>Hej</b>, <i>du</i>", "Hej, du"),
        ("5 &lt; 6 &amp; 7 &gt; 6 &aring; &#229; &#xE5; &nbsp;x", "5 < 6 & 7 > 6 å å å x"),
        ("3 < 4 och 5 > 4", "3 < 4 och 5 > 4"),
        ("<ul><li>Ett</li><li>Två<ul><li>Inre</li></ul></li></ul>", "- Ett\n- Två\n  - Inre"),
        ("<ol start=3><li>Ett<li>Två</ol>Slut", "3. Ett\n4. Två\n\nSlut"),
        (
            "<table><tr><td>Namn</td><td>Anna</td></tr><tr><td>Gata</td><td>Storgatan</td></tr></table>",
            "Namn\tAnna\nGata\tStorgatan",
        ),
        ('<a href="https://example.org/a">här</a>', "här <https://example.org/a>"),
        ('<a href="https://example.org/">https://example.org</a>', "https://example.org"),
        ('<a href="mailto:anna@example.org">anna@example.org</a>', "anna@example.org"),
        ('<a href="mailto:anna@example.org?subject=x">Anna</a>', "Anna <anna@example.org>"),
        ('<a href="javascript:x()">här</a>', "här"),
        ('<img src=x width=1 height=1 alt="spår"><img src=y alt="Karta"> Hej', "[Karta] Hej"),
        ("<style>p{}</style><script>x<p></script><title>T</title>Hej<!-- nej -->", "Hej"),
        ("<head><meta charset=utf-8></head><body>Hej", "Hej"),
        ("<head><body>Hej", "Hej"),
        ('<div style="display:none">Dold</div>Hej', "Hej"),
        ('<span style="max-height:0px;overflow:hidden">Dold</span>Hej', "Hej"),
        ('<td style="font-size:0px;padding:0"><p style="font-size:14px">Hej</p></td>', "Hej"),
        ('<a style="mso-hide:all">Hej</a>', "Hej"),
        ('<div style="display:none">Aldrig stängd', "Aldrig stängd"),
        ("<pre>  a\n   b</pre>", "  a\n   b"),
        ("<blockquote>Hej<p>då</blockquote>Svar", "> Hej\n\n> då\n\nSvar"),
        ("<p>Hej<o:p>&nbsp;</o:p></p>", "Hej"),
        ("<!--[if mso]><p>Nej</p><![endif]-->Hej<![if !mso]> du<![endif]>", "Hej du"),
        ("Hej<a title='>'>du</a>", "Hejdu"),
        ("Hej </wrong> du </p", "Hej du"),
        (
            "<table><tr><td><p>Dag</p></td><td><p>Tid</p></td></tr><tr><td><div>Mån</div></td><td><div>10</div></td></tr></table>Slut",
            "Dag\tTid\nMån\t10\n\nSlut",
        ),
        (
            "<table><tr><td><h1>Rubrik</h1><p>Ett.</p><p>Två.</p></td><td><p>Tre.</p></td></tr></table>",
            "Rubrik\n\nEtt.\n\nTvå.\n\nTre.",
        ),
        ("<pre>a\n\nb</pre>", "a\n\nb"),
        (
            '<div style="white-space: pre-wrap">Rad ett\nRad två\n\nRad fyra</div>',
            "Rad ett\nRad två\n\nRad fyra",
        ),
        ('<a href="tel:+46701740605">070-174 06 05</a>', "070-174 06 05"),
        (
            '<a href="https://filter.example.net/?url=https%3A%2F%2Fexample.org%2Fa&amp;d=x">https://example.org/a</a>',
            "https://example.org/a",
        ),
        (
            '<a href="https://example.net/b">https://example.org/a</a>',
            "https://example.org/a <https://example.net/b>",
        ),
        ("<p>He&shy;j&#8203;&zwnj;&nbsp;&zwnj;&nbsp;&#847; du</p>", "Hej du"),
        ("<p>می\u200cخواهم</p>", "می\u200cخواهم"),
        ('Bra <img alt="\U0001f600" src="x"> tack', "Bra \U0001f600 tack"),
        ("<xml><w:View>Normal</w:View></xml>Hej", "Hej"),
        ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">Indraget</blockquote>', "Indraget"),
        (
            '<blockquote style="border:none;border-left:solid #ccc 1.0pt;margin-left:4.8pt">Citat</blockquote>',
            "> Citat",
        ),
        ("<style>.pre{display:none}</style><div class=pre>Dold</div>Hej", "Hej"),
        ("<style>@media print{.a{display:none}} .b, p.c {color:red}</style><p class=a>Hej</p>", "Hej"),
        ('<style>.a{display:none}</style><p class=a style="display:block">Hej</p>', "Hej"),
        (
            '<div style="height:0;overflow:hidden">Dold</div><div style="line-height:1;overflow:hidden">Hej</div>',
            "Hej",
        ),
        ('<img alt="spår" style="width:1px;height:1px"><img alt="dold" style="display:none">Hej', "Hej"),
        (
            "Maila Anna <anna@example.org> eller se <https://example.org/a>",
            "Maila Anna <anna@example.org> eller se <https://example.org/a>",
        ),
        ("<details><summary>Mer</summary>Text</details>", "Mer\nText"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_would_see(html, expected):
    assert trim(render(html).text) == expected


REPLIES = {
    "gmail": '<div>Ja, tack.</div><br><div class="gmail_quote"><div class="gmail_attr">Den 3 nov skrev K:<br></div><blockquote>Vill du?</blockquote></div>',
    "outlook": '<p>Ja, tack.</p><div id="divRplyFwdMsg"><b>Från:</b> K<br><b>Skickat:</b> 3 nov<br></div><div>Vill du?</div>',
    "outlook mobile": '<div>Ja, tack.</div><div id="appendonsend"></div><div>Vill du?</div>',
    "thunderbird": '<p>Ja, tack.</p><div class="moz-cite-prefix">Den 3 nov skrev K:<br></div><blockquote type="cite">Vill du?</blockquote>',
    "apple": '<div>Ja, tack.</div><br><blockquote type="cite">3 nov. skrev K:<br><br>Vill du?</blockquote>',
    "outlook, its line sent on": '<p>Ja, tack.</p><div style="border-style: solid none none; border-top-width: 1pt; padding: 3pt 0in 0in;"><p>qqq: K zzz</p></div><p>Vill du?</p>',
    "windows mail": '<p>Ja, tack.</p><div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;">qqq: K</div><p>Vill du?</p>',
    "outlook twice": '<p>Ja, tack.</p><div id="x_x_divRplyFwdMsg">qqq K</div><p>Vill du?</p>',
    "gmail with a number": '<p>Ja, tack.</p><div class="m_-123456gmail_attr">qqq K</div><p>Vill du?</p>',
    "yahoo today": '<div>Ja, tack.</div><div id="ydp12ab" class="ydp12abyahoo_quoted"><div>qqq K</div><div>Vill du?</div></div>',
    "signature of gmail": '<div>Ja, tack.</div><br><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Anna Ek<br>070-174 06 05</div><div class="gmail_quote"><blockquote>Vill du?</blockquote></div>',
    "signature of outlook": '<div>Ja, tack.</div><div id="Signature"><p>Anna Ek</p><p>Storgatan 1</p></div><div id="appendonsend"></div><div>Vill du?</div>',
    "signature of apple": '<div>Ja, tack.</div><br id="lineBreakAtBeginningOfSignature"><div>Ipadala mula sa iPhone</div><blockquote type="cite">Vill du?</blockquote>',
    "yahoo": '<div>Ja, tack.</div><div class="yahoo_quoted"><div>Den 3 nov skrev K:</div><div>Vill du?</div></div>',
    "proton": '<div>Ja, tack.</div><div class="protonmail_quote">Den 3 nov skrev K:<br><blockquote>Vill du?</blockquote></div>',
}


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES.keys())
def test_what_a_mail_program_marked_as_quoted_is_not_new(html):
    raw = (
        "From: a@example.org\r\nSubject: Re: x\r\nIn-Reply-To: <a@b>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + html
    )
    assert read_mail(raw.encode()).new_text == "Ja, tack."


@pytest.mark.parametrize(
    "container", ['class="yahoo_quoted"', 'class="protonmail_quote"', 'name="quote"', 'class="gmail_quote"']
)
def test_an_answer_below_what_a_mail_program_marked_as_quoted_stays(container):
    html = f"<div {container}><div>On 3 Nov 2026 at 08:13, K &lt;k@example.com&gt; wrote:</div><div>Which?</div></div><p>The green one.</p>"
    raw = "From: a@example.org\r\nSubject: Re: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    assert read_mail(raw.encode()).new_text == "The green one."


def test_answers_between_quotes_in_html_stay():
    html = '<div class="moz-cite-prefix">Den 3 nov 2026 kl. 08:13 skrev K:<br></div><blockquote type="cite">Dag?</blockquote><p>Måndag.</p><blockquote type="cite">Tid?</blockquote><p>Tio.</p>'
    raw = "From: a@example.org\r\nSubject: Re: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    assert read_mail(raw.encode()).new_text == "Måndag.\n\nTio."


def test_an_answer_written_into_the_signature_is_no_signature():
    html = '<div>Hej!</div><div id="Signature"><p>Det går bra på torsdag.</p><p>Anna</p></div><div id="divRplyFwdMsg"><b>Från:</b> K</div>'
    raw = "From: a@example.org\r\nSubject: Re: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    assert read_mail(raw.encode()).new_text == "Hej!\n\nDet går bra på torsdag.\n\nAnna"


def two_forms(plain, html):
    return read_mail(
        "From: a@example.org\r\nSubject: Re: x\r\nIn-Reply-To: <a@b>\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n".encode()
    )


def test_the_html_form_tells_where_the_plain_form_is_quoted():
    html = '<div>Ja, <a href="https://example.org/x">tack</a>.</div><div id="divRplyFwdMsg">qqq Info zzz</div><div>Vill du?</div>'
    mail = two_forms("Ja, tack <https://example.org/x>.\n\nqqq Info zzz\nVill du?", html)
    assert mail.new_text == "Ja, tack <https://example.org/x>."
    assert mail.text.endswith("Vill du?")


@pytest.mark.parametrize(
    "html",
    [
        '<div>Ja, tack.</div><div class="gmail_quote">annat</div>',
        '<div>Nej, tack.</div><div class="gmail_quote">Mer text av mig</div>',
        '<div>Ja, tack.</div><div class="gmail_quote">Mer text av mig</div><div>Slut</div>',
    ],
)
def test_a_html_form_that_says_something_else_takes_nothing_from_the_plain_form(html):
    assert two_forms("Ja, tack.\n\nMer text av mig", html).new_text == "Ja, tack.\n\nMer text av mig"


def test_the_html_form_tells_of_a_signature_in_the_plain_form():
    html = '<div>Ja, tack.</div><div id="Signature"><p>Anna Ek</p><p>Storgatan 1</p></div>'
    assert two_forms("Ja, tack.\n\nAnna Ek\nStorgatan 1", html).new_text == "Ja, tack."


@pytest.mark.parametrize(
    "stub", ["", " \t", "This message is in HTML.", "Your mail client does not support HTML messages."]
)
def test_a_plain_form_that_only_points_at_the_html_form_is_not_the_text(stub):
    assert (
        two_forms(stub, "<p>Lampan är trasig sedan i måndags.</p>").text
        == "Lampan är trasig sedan i måndags."
    )


def test_a_short_plain_form_about_html_is_the_text():
    assert two_forms("Er html är trasig", "<p>Er <b>html</b> är trasig</p>").text == "Er html är trasig"
