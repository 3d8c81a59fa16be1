package demo

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// theForm is a form as the pages show it: lines of every kind, one of which may stay empty.
const theForm = `<h1>The plan</h1><form method="post" action="/request/answer" enctype="multipart/form-data"><input type="hidden" name="nonce" value="n">
<div><input type="hidden" name="q0.point" value="asset-1-what"><label for="q0-a">1. What comes back</label><textarea id="q0-a" name="q0.a"></textarea></div>
<div><input type="hidden" name="q1.point" value="asset-1-kind"><label for="q1-a">2. Which kind</label><select id="q1-a" name="q1.a"><option value="">Pick one</option><option value="domain">domain</option><option value="repository">repository</option></select></div>
<div><input type="hidden" name="q2.point" value="asset-2-what"><label for="q2-a">3. What comes back <span>may stay empty</span></label><textarea id="q2-a" name="q2.a"></textarea></div>
<div><input type="hidden" name="q3.point" value="sent"><label for="q3-a">4. When it went out</label><input type="date" id="q3-a" name="q3.a" value=""></div>
<div><input type="hidden" name="q4.point" value="days"><label for="q4-a">5. Days</label><input type="text" inputmode="numeric" id="q4-a" name="q4.a" value="14"></div>
<div><input type="hidden" name="q5.point" value="same"><fieldset><legend>6. Was it the same</legend><label><input type="radio" name="q5.a" value="yes" id="q5-a">Yes</label><label><input type="radio" name="q5.a" value="no">No</label></fieldset></div>
<div><input type="hidden" name="q6.point" value="receipt"><label for="q6-a">7. What shows it</label><input type="file" id="q6-a" name="q6.file"></div>
<fieldset><legend>What do you say?</legend><label><input type="radio" name="verdict" value="reject">No</label><label><input type="radio" name="verdict" value="done">Done</label></fieldset>
<button name="do" value="send">Send</button></form>`

func formOf(t *testing.T, text string) *Form {
	t.Helper()
	at, err := url.Parse("http://127.0.0.1/request?id=1")
	if err != nil {
		t.Fatalf("reading an address: %v", err)
	}
	page, err := readPage(at, strings.NewReader(text))
	if err != nil || len(page.Forms) == 0 {
		t.Fatalf("the page has %d forms: %v", len(page.Forms), err)
	}
	return page.Forms[0]
}

// TestFormsAreFilledInByTheirWords: each line gets what it takes, what somebody knows goes
// where it is asked for first, and what may stay empty or is there already stays.
func TestFormsAreFilledInByTheirWords(t *testing.T) {
	t.Parallel()
	f := formOf(t, theForm)
	fill(f, "The plan, as it is carried out", []Known{{Asked: "What comes back", Says: "brightwell/payroll-scripts"}, {On: "forgotten", Asked: "Which kind", Says: "domain"}, {On: "plan", Asked: "Which kind", Says: "repository"}, {Asked: "What shows it", Says: "receipt.txt", File: []byte("received")}},
		time.Date(2027, 4, 7, 9, 0, 0, 0, time.UTC))
	for field, want := range map[string]string{"q0.a": "brightwell/payroll-scripts", "q1.a": "repository", "q2.a": "", "q3.a": "2027-04-07", "q4.a": "14", "q5.a": "yes"} {
		if got := f.values.Get(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if len(f.files) != 1 || f.files[0].field != "q6.file" || f.files[0].name != "receipt.txt" || string(f.files[0].text) != "received" {
		t.Errorf("attached is %+v", f.files)
	}
	if pick(f); f.values.Get("verdict") != "done" {
		t.Errorf("they say %q", f.values.Get("verdict"))
	}
	var kinds []LineKind
	for _, l := range f.Lines {
		kinds = append(kinds, l.Kind)
	}
	if want := []LineKind{LineText, LinePick, LineText, LineDate, LineNumber, LinePick, LineFile}; !slices.Equal(kinds, want) {
		t.Errorf("the lines take %q, want %q", kinds, want)
	}
}

// TestOnlyWhatIsMeantIsTicked: all there is of a list that has to be answered, and of one
// that may stay empty what they know.
func TestOnlyWhatIsMeantIsTicked(t *testing.T) {
	t.Parallel()
	f := formOf(t, `<form method="post" action="/request/answer"><label><input type="checkbox" name="says" value="no-conflict">I have no interest</label>
<input type="hidden" name="q0.point" value="taught"><fieldset><legend>1. What we learned <span>may stay empty</span></legend>
<label><input type="checkbox" name="q0.a" value="late">It came late</label><label><input type="checkbox" name="q0.a" value="breach">There was a breach</label></fieldset>
<input type="hidden" name="q1.point" value="of"><fieldset><legend>2. What is waived</legend>
<label><input type="checkbox" name="q1.a" value="tokens">Tokens</label><label><input type="checkbox" name="q1.a" value="keys">Keys</label></fieldset></form>`)
	fill(f, "What we learned", []Known{{Asked: "What we learned", Says: "It came late"}}, time.Time{})
	if f.TickAll(); !slices.Equal(f.values["q0.a"], []string{"late"}) || !slices.Equal(slices.Compact(f.values["q1.a"]), []string{"tokens", "keys"}) || f.values.Get("says") != "no-conflict" {
		t.Errorf("ticked is %v", f.values)
	}
}

// TestWhoWaitsForAFileKnowsWhetherItCame: on a page of a form, and on one for files.
func TestWhoWaitsForAFileKnowsWhetherItCame(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"No file yet. A picture is taken as evidence only.": true, "one.txt taken": false} {
		if got := lacksFile(&Page{Text: text}, &Form{values: url.Values{}}); got != want {
			t.Errorf("after %q it lacks a file: %v", text, got)
		}
	}
	numbered := &Form{values: url.Values{"page": {"q2"}}}
	for text, want := range map[string]bool{"The signed certificate": true, "taken one.txt. Another file takes its place.": false} {
		if got := lacksFile(&Page{Text: text}, numbered); got != want {
			t.Errorf("after %q it lacks a file: %v", text, got)
		}
	}
}
