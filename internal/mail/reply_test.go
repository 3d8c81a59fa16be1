package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gangway/internal/review"
)

// Replies as mail programs write them, in eight languages.
func TestReplyExtraction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"alone":            {"Approved\r\n", "Approved"},
		"Gmail, English":   {"Approved\n\nOn Mon, 2 Mar 2026 at 10:00, Gangway <gangway@x.example> wrote:\n\n> Approve or reject\n", "Approved"},
		"broken in three":  {"Approved\n\nOn Mon, 2 Mar 2026 at 10:00,\nGangway <gangway@x.example>\nwrote:\n> Reject\n", "Approved"},
		"German":           {"Genehmigt\n\nAm 2. März 2026 um 10:00 schrieb Gangway <g@x.example>:\n> Reject", "Genehmigt"},
		"German, Apple":    {"Genehmigt\n\n> Am 02.03.2026 um 10:00 schrieb Gangway <g@x.example>:\n> \n> Reject", "Genehmigt"},
		"French":           {"Approuvé\n\nLe lun. 2 mars 2026 à 10:00, Gangway <g@x.example> a écrit :\n> Reject", "Approuvé"},
		"Spanish":          {"Aprobado\n\nEl lun, 2 mar 2026 a las 10:00, Gangway (<g@x.example>) escribió:\n> Reject", "Aprobado"},
		"Portuguese":       {"Aprovado\n\nEm seg., 2 de mar. de 2026 às 10:00, Gangway <g@x.example> escreveu:\n> Reject", "Aprovado"},
		"Dutch":            {"Akkoord\n\nOp ma 2 mrt 2026 om 10:00 schreef Gangway <g@x.example>:\n> Reject", "Akkoord"},
		"Italian":          {"Approvato\n\nIl giorno lun 2 mar 2026 alle ore 10:00 Gangway <g@x.example> ha scritto:\n> Reject", "Approvato"},
		"Polish":           {"Zatwierdzam\n\nW dniu pon., 2 mar 2026 o 10:00 Gangway <g@x.example> napisał(a):\n> Reject", "Zatwierdzam"},
		"Outlook":          {"Approved\n\n________________________________\nFrom: Gangway <g@x.example>\nSent: Monday\nTo: Helen\nSubject: x\n\nReject", "Approved"},
		"Outlook, no line": {"Approved\n\nFrom: Gangway <g@x.example>\nSent: Monday, 2 March 2026\nReject", "Approved"},
		"Outlook, bold":    {"Approved\n\n*From:* Gangway\n*Sent:* Monday\nReject", "Approved"},
		"Outlook, German":  {"Genehmigt\n\nVon: Gangway\nGesendet: Montag, 2. März\nAn: Helen\nBetreff: x\nReject", "Genehmigt"},
		"Outlook, French":  {"Approuvé\n\nDe : Gangway\nEnvoyé : lundi\nÀ : Helen\nReject", "Approuvé"},
		"Outlook, Spanish": {"Aprobado\n\nDe: Gangway\nEnviado el: lunes\nPara: Helen\nReject", "Aprobado"},
		"Outlook, Dutch":   {"Akkoord\n\nVan: Gangway\nVerzonden: maandag\nAan: Helen\nReject", "Akkoord"},
		"Outlook, Italian": {"Approvato\n\nDa: Gangway\nInviato: lunedì\nA: Helen\nReject", "Approvato"},
		"Outlook, Polish":  {"Zatwierdzam\n\nOd: Gangway\nWysłano: poniedziałek\nDo: Helen\nReject", "Zatwierdzam"},
		"original message": {"Approved\n-----Original Message-----\nReject", "Approved"},
		"in German":        {"Genehmigt\n-----Ursprüngliche Nachricht-----\nReject", "Genehmigt"},
		"marker":           {"Approved\n\n--- Reply above this line ---\nReject", "Approved"},
		"quoted marker":    {"Approved\n\n> Reply above this line\nReject", "Approved"},
		"signature":        {"Approved\n\n-- \nHelen Marsh\nReject", "Approved"},
		"telephone":        {"Approved\n\nSent from my iPhone\n\nReject", "Approved"},
		"German telephone": {"Genehmigt\n\nVon meinem iPhone gesendet\n\nReject", "Genehmigt"},
		"app":              {"Approved\n\nGet Outlook for iOS<https://aka.ms/x>\nReject", "Approved"},
		"quoted within":    {"I want changes:\n> clause 9\nThe cap is too low.\n", "I want changes:\nThe cap is too low."},
		"prose":            {"On Monday I wrote to them.\nAs he wrote: no.\nFrom: here on it is fine\n", "On Monday I wrote to them.\nAs he wrote: no.\nFrom: here on it is fine"},
		"nothing":          {"\n\n", ""},
	} {
		r := cutReply(c.text)
		if r.text != c.want || r.below {
			t.Errorf("%s: %q, below %v, want %q", name, r.text, r.below, c.want)
		}
	}
	for _, text := range []string{"> Approve\n\nApproved\n", "On Mon, 2 Mar 2026 Gangway <g@x.example> wrote:\n> Approve\n\nApproved", "From: x\nSent: y\n\nApproved", "Reply above this line\nApproved"} {
		if r := cutReply(text); !r.below || readIntent(r, nil).verdict != "" {
			t.Errorf("%q: what follows a quotation decides", text)
		}
	}
}

func TestReplyInHTML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ html, want string }{
		"Gmail":       {`<div dir="ltr">Approved</div><br><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon wrote:</div><blockquote>Reject</blockquote></div>`, "Approved"},
		"Apple":       {`<html><head><style>p{}</style><title>Reject</title></head><body>Approved<br><blockquote type="cite">Reject</blockquote></body></html>`, "Approved"},
		"Outlook":     {`<body><div>Approved</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><div>Reject</div></body>`, "Approved"},
		"Outlook, x_": {`<body><div>Approved</div><div id="x_divRplyFwdMsg">From: x</div><div>Reject</div></body>`, "Approved"},
		"Outlook 16":  {`<p>Approved</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p>From: x</p></div></div><p>Reject</p>`, "Approved"},
		"Thunderbird": {`Approved<div class="moz-cite-prefix">On wrote:</div><blockquote type="cite">Reject</blockquote>`, "Approved"},
		"entities":    {`<p>Approuv&eacute;</p>`, "Approuvé"},
		"lines":       {"<p>Appr\noved\n if</p><p>x</p>", "Appr oved if\n\nx"},
		"inline":      {"<b>Not</b> <i>approved</i>", "Not approved"},
		"open tags":   {strings.Repeat("<div>", 5000) + "Approved", "Approved"},
		"script":      {"<script>Approved</script>no", "no"},
	} {
		got := cutReply(htmlReply(c.html)).text
		for strings.Contains(got, "\n\n\n") {
			got = strings.ReplaceAll(got, "\n\n\n", "\n\n")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestIntent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]review.Verdict{
		"approved": review.Approve, "Approved!": review.Approve, "  APPROVED. ": review.Approve, "*Approved*": review.Approve, "\"approved\"": review.Approve, "LGTM 👍": review.Approve, "+1": review.Approve,
		"I approve": review.Approve, "ok to proceed": review.Approve, "#approve": review.Approve, "# approve": "", "J’approuve": review.Approve, "approuve\u0301": review.Approve, "✅ Approved": review.Approve,
		"Approved\n\nThanks,\nHelen": review.Approve, "Approved\nHelen": review.Approve, "#approved\n\nBest": review.Approve,
		"rejected": review.Reject, "#reject": review.Reject, "#reject no cap": review.Reject, "Rejected 👎": review.Reject, "#changes raise the cap": review.Changes, "odrzucam": review.Reject,
		"approved if": "", "Approved, if the cap is raised": "", "not approved": "", "Not-approved": "", "dis-approved": "", "no objections": "", "yes": "", "ok": "", "yes but": "", "approved?": "", "Approved ？": "",
		"👍": "", "": "", "approved 👎": "", "rejected 👍": "", "Approved 👍👎": "", "approved/rejected": "", "approve or reject": "", "approved with conditions": "", "#approve if": "", "#approve #reject": "",
		"Approved\nbut not clause 9": "", "Approved\n\nBut only clause 9": "", "Approved\nwenn die Grenze steigt": "", "Approved\nis what I can't say": review.Approve, "Approved\nor should we wait?": "", "Approved\n\nAber nur Klausel 9": "",
		"1": "", "Hi,\nApproved": "", "Approved\u202e": "", "аpproved": "", "Approved ☠": "", "Re: Approved": "", "Ich genehmige": review.Approve, "Ich genehmige nicht": "", "non approuvé": "", "nie zatwierdzam": "",
		"#done": review.Done, "erledigt": review.Done, "+ approved": "", "# reject": "",
	} {
		if got := readIntent(cutReply(text), nil); got.verdict != want {
			t.Errorf("%q: %q, want %q", text, got.verdict, want)
		}
	}
	options := []review.Verdict{"go-with-acme", "stop"}
	for text, want := range map[string]review.Verdict{"Go with Acme!": "go-with-acme", "#stop it costs too much": "stop", "approved": "", "stop?": "", "don't stop": "", "#go-with-acme": "go-with-acme"} {
		if got := readIntent(cutReply(text), options); got.verdict != want {
			t.Errorf("a choice, %q: %q, want %q", text, got.verdict, want)
		}
	}
	options = []review.Verdict{review.Approve, review.Reject} // a decision that offers no changes
	for text, want := range map[string]review.Verdict{"approved": review.Approve, "approve": review.Approve, "genehmigt": review.Approve, "Respinto": review.Reject, "#reject it costs too much": review.Reject,
		"changes": "", "done": "", "approved if": "", "Approved\nbut not clause 9": "", "approve\nbut not clause 9": "", "stop": ""} {
		if got := readIntent(cutReply(text), options); got.verdict != want {
			t.Errorf("yes or no, %q: %q, want %q", text, got.verdict, want)
		}
	}
	if got := readIntent(cutReply("#reject The cap\nis too low."), nil); got.reason != "The cap\nis too low." {
		t.Errorf("the reason is %q", got.reason)
	}
}

// Each word stands once in the table and means one thing; what is printed is read.
func TestVocabularyIsReadAsItIsPrinted(t *testing.T) {
	t.Parallel()
	seen, languages := map[string]bool{}, map[string]bool{}
	for _, p := range Vocabulary() {
		languages[p.Language] = true
		for _, w := range p.Words {
			if seen[w] {
				t.Errorf("%q stands twice", w)
			}
			seen[w] = true
			for _, text := range []string{w, strings.ToUpper(w), w + ".", "  " + w + "!\n\nThanks"} {
				if got := readIntent(cutReply(text), nil); got.verdict != p.Verdict {
					t.Errorf("%q: %q, want %q", text, got.verdict, p.Verdict)
				}
			}
			for _, text := range []string{"not " + w, w + "?", w + " if", "nicht " + w, w + ", but", "> " + w} {
				if got := readIntent(cutReply(text), nil); got.verdict != "" && !strings.HasPrefix(w, "#") {
					t.Errorf("%q decides %q", text, got.verdict)
				}
			}
		}
	}
	if len(languages) != 9 { // and the commands
		t.Errorf("languages %v", languages)
	}
}

func TestMachines(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"Subject: Re: Legal review":                                              "",
		"Subject: Re: out of office furniture\nAuto-Submitted: no":               "",
		"Subject: Automatic reply: x\nX-Auto-Response-Suppress: All":             "away",
		"Subject: Abwesenheitsnotiz: x":                                          "away",
		"Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_x?=":                    "away",
		"Subject: x\nAuto-Submitted: auto-replied (vacation)":                    "away",
		"Subject: x\nAuto-Submitted: auto-generated; x=y":                        "machine",
		"Subject: x\nReturn-Path: <>":                                            "machine",
		"Subject: x\nReturn-Path: <a@example.org>":                               "",
		"Subject: x\nFrom: MAILER-DAEMON@mx.example":                             "machine",
		"Subject: x\nX-Failed-Recipients: a@b":                                   "machine",
		"Subject: x\nPrecedence: bulk":                                           "machine",
		"Subject: Out of office\nContent-Type: multipart/report; boundary=\"x\"": "machine",
	} {
		h, _ := readHeading([]byte(head + "\n\nApproved"))
		m := readMachine(&h)
		got := ""
		if m.away {
			got = "away"
		} else if m.is {
			got = "machine"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

func TestAwayUntil(t *testing.T) {
	t.Parallel()
	came := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"I am away until 1 December.":                                "2026-12-02",
		"I will be back on December 1st, 2026. Approved":             "2026-12-01",
		"I return on Monday, 30 November 2026.":                      "2026-11-30",
		"Ich bin bis einschließlich 30.11.2026 im Urlaub":            "2026-12-01",
		"Ich bin ab dem 1. Dezember wieder da, bis 30.11. weg":       "2026-12-01",
		"Je suis absent jusqu'au 5 janvier 2027":                     "2027-01-06",
		"Estaré fuera hasta el 5 de enero de 2027":                   "2027-01-06",
		"Estarei ausente até 5 de janeiro":                           "2027-01-06",
		"Ik ben afwezig tot 5 januari":                               "2027-01-06",
		"Rientro il 7 gennaio":                                       "2027-01-07",
		"Jestem nieobecny do 7 stycznia":                             "2027-01-08",
		"Away till 2026-12-24":                                       "2026-12-25",
		"Away until 12/24/2026":                                      "2026-12-25",
		"Away until 05/06/2027":                                      "", // of May or of June
		"Away until 1 December 2031":                                 "", // nobody is
		"Away until 1 November 2026":                                 "", // past
		"Away until 31 February 2027":                                "",
		"Away until further notice. My daughter was born 1 December": "",
		"Call me on 5 December":                                      "",
		"":                                                           "",
	} {
		got := ""
		if at := awayUntil(text, came); !at.IsZero() {
			got = at.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("abcdefgh234567", 2)[:26]
	for value, want := range map[string]string{
		"gangway+" + token + "@x.example":                                token,
		"\"Gangway\" <GANGWAY+" + strings.ToUpper(token) + "@X.EXAMPLE>": token,
		"a@b, <gangway%2B" + token + "@x.example>":                       token,
		"\"gangway+" + token + "\"@x.example":                            token,
		"mygangway+" + token + "@x.example":                              "",
		"gangway+" + token + "x@x.example":                               "",
		"gangway+" + token[:25] + "@x.example":                           "",
		"gangway+" + token[:25] + "1@x.example":                          "",
		"gangway+" + token + ".x@x.example":                              "",
		"gangway@x.example":                                              "",
		"bounces+" + token + "@x.example":                                "",
	} {
		h, _ := readHeading([]byte("To: " + value + "\r\n\r\n"))
		if got := strings.Join(replyTokens(&h, "gangway"), " "); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	for subject, want := range map[string]string{"Re: [GW onboarding/acme/1] x": "onboarding/acme/1", "[GW] x": "", "[GW ../x] y": "", "[GW a b]": "", "[GW onboarding/acme/1": ""} {
		if got := caseNamed(subject); got != want {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
	h, _ := readHeading([]byte("References: <gw.a@x> <other@x>\r\n <gw.b@x>\r\nIn-Reply-To: <gw.c@x>\r\n\r\n"))
	if got := fmt.Sprint(messagesNamed(&h)); got != "[gw.c@x gw.b@x gw.a@x]" {
		t.Error(got)
	}
}

func FuzzReply(f *testing.F) {
	for _, s := range []string{"Approved\n> x\n", "<p>Approved</p><blockquote>", "On Mon x\nwrote:\n", "From: x\nSent: y", "-- \n", "#reject x", strings.Repeat("> ", 100), "👍\u200d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range []reply{cutReply(s), cutReply(htmlReply(bounded64(s)))} {
			in := readIntent(r, nil)
			if in.verdict == "" {
				continue
			}
			first, _ := firstLine(r.text)
			if said, _, _ := normal(first); wordVerdict(said) == "" && !strings.HasPrefix(said, commandSign) {
				t.Errorf("%q decides %s by %q", s, in.verdict, first)
			}
			if r.below || asks(first) || strings.Contains(first, ">") {
				t.Errorf("%q decides by %q", s, first)
			}
			// What precedes the word takes its force.
			if again := readIntent(cutReply("perhaps "+s), nil); again.verdict != "" && !strings.Contains(s, "\n") {
				t.Errorf("%q decides behind a perhaps", s)
			}
		}
		_ = awayUntil(s, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		env, why := parse(raw)
		if (env == nil) == (why == "") {
			t.Errorf("%q: %v, %q", raw, env, why)
		}
		if env != nil {
			_ = readReply(env)
			_ = filesOf(env)
		}
		_, _ = ReadBounce(raw)
	})
}
