package web

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gangway/internal/review"
)

// maxReason is how many characters a reason may have; more belongs in a document.
const maxReason = 20_000

// maxAttest is how many statements an answer may make.
const maxAttest = 100

// newNonce is the id of the answer that a form will send. It is made when the
// form is rendered, so that sending it twice is one answer.
func newNonce() string { return "web-" + strings.ToLower(rand.Text()) }

// isNonce keeps answer ids to the form that newNonce gives them.
func isNonce(id string) bool {
	return len(id) == len("web-")+26 && strings.HasPrefix(id, "web-") &&
		strings.Trim(id[len("web-"):], "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// answerForm is the form of an answer, as it came in and as it is shown again.
type answerForm struct {
	Nonce   string
	Request string
	Seat    string
	Version int
	Verdict review.Verdict
	Inside  string
	Vendor  string
	Attest  []string
	// Document is the digest of what was uploaded with an earlier try.
	Document string
	// wrongs are what the desk says is wrong, by the ids of points.
	wrongs map[string]string
}

// parseAnswer reads the fields of an answer; prefix tells the forms of one page
// apart. Its error means that no page of ours made this form.
func parseAnswer(v url.Values, prefix string) (answerForm, error) {
	get := func(name string) string { return v.Get(prefix + name) }
	f := answerForm{Nonce: get("nonce"), Request: get("request"), Seat: get("seat"), Verdict: review.Verdict(get("verdict")),
		Inside: tidy(get("inside")), Vendor: tidy(get("vendor")), Document: get("document")}
	if f.Request == "" {
		return f, badForm("the form names no request")
	}
	if !isNonce(f.Nonce) {
		return f, badForm("the form has lost its number")
	}
	if !isPlain(f.Request) || !isPlain(f.Seat) || !isPlain(string(f.Verdict)) {
		return f, badForm("the form holds characters that none of ours has")
	}
	var err error
	if f.Version, err = versionIn(get("version")); err != nil {
		return f, err
	}
	if f.Document != "" && !isDigest(f.Document) {
		return f, badForm("the form names no document")
	}
	for _, id := range v[prefix+"attest"] {
		if isPlain(id) && id != "" && !slices.Contains(f.Attest, id) && len(f.Attest) < maxAttest {
			f.Attest = append(f.Attest, id)
		}
	}
	return f, nil
}

// versionIn reads the version that a form names; empty: 0.
func versionIn(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0, badForm("the form names no version")
	}
	return n, nil
}

// wrong says what the person has to add before the answer can be sent; empty
// when nothing is. What an answer needs is for review to say: this is only what
// no channel would send.
func (f answerForm) wrong() string {
	switch {
	case f.Verdict == "":
		return "Choose one of the answers."
	case utf8.RuneCountInString(f.Inside) > maxReason || utf8.RuneCountInString(f.Vendor) > maxReason:
		return "The reason is longer than 20,000 characters. Shorten it, or file it as a document."
	}
	return ""
}

// form is the answer as all channels send it.
func (f answerForm) form() review.Form {
	return review.Form{ID: f.Nonce, Request: f.Request, Seat: f.Seat, Version: f.Version, Verdict: f.Verdict, Attest: f.Attest,
		Document: f.Document, Inside: f.Inside, Vendor: f.Vendor}
}

// actForm is the form of an act on a request or a case.
type actForm struct {
	Nonce   string
	Kind    review.ActKind
	Case    string
	Process string
	Request string
	Seat    string
	Step    string
	To      string
	Day     string
	Inside  string
	Name    string
	// Document is the digest of what was uploaded with an earlier try.
	Document  string
	ForVendor bool

	// What steering says besides.
	Vendor    string
	Role      string
	Mandatory bool
	Field     string
	Value     string // as typed
	Values    []string
	Amount    int
	Digest    string
	// Read are the sections as typed, Ticked that the tick beside them was made.
	Read   string
	Ticked bool
	// Version is that of the text on the page.
	Version int
}

// parseAct reads the fields of an act of one of the given kinds.
func parseAct(v url.Values, kinds ...review.ActKind) (actForm, error) {
	f := actForm{Nonce: v.Get("nonce"), Kind: review.ActKind(v.Get("act")), Case: v.Get("case"), Process: v.Get("process"),
		Request: v.Get("request"), Seat: v.Get("seat"), Step: v.Get("step"), To: v.Get("to"), Day: v.Get("until"),
		Inside: tidy(v.Get("inside")), Name: v.Get("name"), Document: v.Get("document"), ForVendor: v.Get("forvendor") != "",
		Vendor: tidy(v.Get("vendor")), Role: v.Get("role"), Mandatory: v.Get("mandatory") != "", Field: v.Get("field"), Value: tidy(v.Get("value")), Digest: v.Get("digest"),
		Read: flat(tidy(v.Get("read"))), Ticked: v.Get("readtick") != ""}
	var err error
	if f.Version, err = versionIn(v.Get("version")); err != nil {
		return f, err
	}
	if process, step, found := strings.Cut(v.Get("target"), "|"); found { // one select for both
		f.Process, f.Step = process, step
	}
	if process, name, found := strings.Cut(v.Get("paper"), "|"); found {
		f.Process, f.Name = process, name
	}
	switch {
	case !slices.Contains(kinds, f.Kind):
		return f, badForm("the form says nothing that can be done here")
	case !isNonce(f.Nonce):
		return f, badForm("the form has lost its number")
	case f.Request == "" && f.Process == "" && !f.Kind.Steers():
		return f, badForm("the form names neither a request nor a process")
	case f.Document != "" && !isDigest(f.Document):
		return f, badForm("the form names no document")
	case f.Digest != "" && !isDigest(f.Digest):
		return f, badForm("the form names nothing that was shown")
	}
	for _, s := range []string{f.Case, f.Process, f.Request, f.Seat, f.Step, f.To, f.Name, f.Role, f.Field} {
		if !isPlain(s) {
			return f, badForm("the form holds characters that none of ours has")
		}
	}
	return f, nil
}

// wrong says what the person has to add before the act can be sent.
func (f actForm) wrong() string {
	if utf8.RuneCountInString(f.Inside) > maxReason || utf8.RuneCountInString(f.Vendor) > maxReason {
		return "The reason is longer than 20,000 characters. Shorten it, or file it as a document."
	}
	if f.Kind.Steers() {
		return f.wrongSteering()
	}
	switch f.Kind {
	case review.Delegate:
		if f.To == "" || f.Day == "" {
			return "Say who answers instead of you, and until which day."
		}
	case review.Snooze:
		if f.Day == "" {
			return "Say until which day you want no reminders."
		}
	case review.Read:
		if _, wrong := readRanges(f.Read, f.Ticked); wrong != "" || f.Read == "" {
			return cmp.Or(wrong, "Say which sections you have read: all, or a range such as 4–9.")
		}
	case review.Settle:
		return f.wrongSettling()
	case review.TakeBack, review.Recuse, review.Withdraw, review.Reopen, review.Stop:
		if f.Inside == "" {
			return review.NeedsReason.Sentence()
		}
	}
	return ""
}

// form is the act as all channels send it.
func (f actForm) form(until time.Time) review.Form {
	ranges, _ := readRanges(f.Read, f.Ticked)
	return review.Form{Read: ranges, Version: f.Version, ID: f.Nonce, Act: f.Kind, Process: f.Process, Request: f.Request, Seat: f.Seat, Step: f.Step, To: f.To,
		Until: until, Name: f.Name, Document: f.Document, ForVendor: f.ForVendor, Inside: f.Inside, Vendor: f.Vendor,
		Role: f.Role, Mandatory: f.Mandatory, Field: f.Field, Values: f.Values, Amount: f.Amount, Digest: f.Digest}
}

// isPlain keeps ids to what ids are made of: short and printable.
func isPlain(id string) bool {
	return len(id) <= 500 && utf8.ValidString(id) && !strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func isDigest(d string) bool { return regexp.MustCompile(`^sha256:[0-9a-f]{64}$`).MatchString(d) }
