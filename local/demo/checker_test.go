package demo

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

const checklistPage = `<h1>Points</h1><form method="post" action="/request/check"><input type="hidden" name="request" value="r">
<fieldset><legend>1. Audits</legend><input type="hidden" name="p0.point" value="h"><label><input type="radio" name="p0.say" value="here">It says so</label>
<label><input type="checkbox" name="p0.place" value="12">12</label><label><input type="checkbox" name="p0.place" value="4">4</label><label><input type="radio" name="p0.say" value="missing">No</label></fieldset>
<fieldset><legend>2. Deletion</legend><label><input type="radio" name="p1.say" value="here">It says so</label><label><input type="radio" name="p1.say" value="missing">No</label></fieldset>
<fieldset><legend>3. When to look at it again</legend><label><input type="radio" name="p2.say" value="on">On this day</label><input type="date" name="p2.day"><label><input type="radio" name="p2.say" value="here">It says so</label>
<label><input type="checkbox" name="p2.place" value="13">13</label></fieldset>
<textarea name="inside"></textarea><button name="do" value="send">Send</button><button name="do" value="save">Save</button></form>`

// TestCheckerSaysWhatThePageProposed: nothing is found where no place is proposed.
func TestCheckerSaysWhatThePageProposed(t *testing.T) {
	t.Parallel()
	var sent url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_ = r.ParseForm() //nolint:errcheck // what is not there is missed below
			sent = r.PostForm
		}
		_, _ = w.Write([]byte(checklistPage)) //nolint:errcheck // the page's reader misses it
	}))
	defer server.Close()
	b, err := newBrowser(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	page, err := b.open(context.Background(), b.base)
	if err != nil {
		t.Fatal(err)
	}
	sam := &Person{ID: "sam", browser: b, Tell: func(string, ...any) {}}
	c := Checker{Today: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }}
	did, err := c.Do(context.Background(), sam, page, 0)
	if !did || err != nil {
		t.Fatalf("he did: %v, %v", did, err)
	}
	want := url.Values{"request": {"r"}, "p0.point": {"h"}, "p0.say": {"here"}, "p0.place": {"12"}, "p1.say": {"missing"}, "p2.say": {"on"}, "p2.day": {"2027-03-02"},
		"inside": {"Read at the places that I name."}, "do": {"send"}}
	if sent.Encode() != want.Encode() {
		t.Errorf("he sent\n%s, want\n%s", sent.Encode(), want.Encode())
	}
}
