package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// opened is a modal of ana's, opened through a click.
func opened(t *testing.T, s *Server, a *app) View {
	t.Helper()
	channel, ts := card(t, s)
	done(t)(s.Click("U0ANA", channel, ts, "approve"))
	fine(t, call(t, s, "views.open", "trigger_id", a.payload(t)["trigger_id"].(string), "view", with("first")))
	return s.Views("U0ANA")[0]
}

func TestSubmitting(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	v := opened(t, s, a)
	came := len(s.Deliveries())
	for why, want := range map[string]string{"": "Please complete this required field.", "no": "Please enter at least 3 characters."} {
		out := done(t)(s.Submit("U0ANA", v.ID, url.Values{"why": {why}}))
		if diff := cmp.Diff(map[string]string{"why": want}, out.Errors); diff != "" || len(s.Deliveries()) != came {
			t.Errorf("Slack itself should have asked for more: %s", diff)
		}
	}
	out := done(t)(s.Submit("U0ANA", v.ID, url.Values{"why": {"too dear"}, "user": {"U0BO"}}))
	if !out.Acked || out.Saw != "" || len(s.Views("U0ANA")) != 0 {
		t.Errorf("submitting came to %v", out)
	}
	p := a.payload(t)
	view := p["view"].(object)
	if p["type"] != "view_submission" || p["trigger_id"] == "" || view["private_metadata"] != "m" || view["external_id"] != "first" || view["hash"] != v.Hash ||
		view["root_view_id"] != v.ID || view["app_id"] != "A0TEST" || view["bot_id"] != "B0TEST" {
		t.Errorf("the payload is %v", p)
	}
	want := object{"why": object{"text": object{"type": "plain_text_input", "value": "too dear"}},
		"who": object{"user": object{"type": "users_select", "selected_user": "U0BO"}}}
	if diff := cmp.Diff(want, under(view, "state", "values")); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Submit("U0ANA", v.ID, nil); err == nil {
		t.Error("a closed modal was submitted")
	}
}

func TestAnswersToSubmissions(t *testing.T) {
	t.Parallel()
	pushed := strings.Replace(with("second"), "Reject", "Sure?", 1)
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter)
		saw    string
		titles []string
		fault  string
	}{
		"closes":          {says("{}"), "", nil, ""},
		"clear":           {says(`{"response_action":"clear"}`), "", nil, ""},
		"update":          {says(`{"response_action":"update","view":` + pushed + `}`), "", []string{"Sure?"}, ""},
		"push":            {says(`{"response_action":"push","view":` + pushed + `}`), "", []string{"Reject", "Sure?"}, ""},
		"errors":          {says(`{"response_action":"errors","errors":{"why":"not recorded, try again"}}`), "", []string{"Reject"}, ""},
		"foreign errors":  {says(`{"response_action":"errors","errors":{"text":"no"}}`), trouble, []string{"Reject"}, "no inputs: text"},
		"no errors":       {says(`{"response_action":"errors"}`), trouble, []string{"Reject"}, "no inputs"},
		"no such action":  {says(`{"response_action":"shut"}`), trouble, []string{"Reject"}, "unknown response_action"},
		"no JSON":         {says("ok"), trouble, []string{"Reject"}, "no JSON"},
		"a bad view":      {says(`{"response_action":"update","view":{"type":"modal"}}`), trouble, []string{"Reject"}, "missing required field: blocks"},
		"a fault":         {status(500), trouble, []string{"Reject"}, ""},
		"the same id":     {says(`{"response_action":"push","view":` + with("first") + `}`), trouble, []string{"Reject"}, "duplicate_external_id"},
		"an empty answer": {nil, "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := listen(t)
			s := start(t, Options{RequestURL: a.URL})
			v := opened(t, s, a)
			a.order(test.answer)
			out := done(t)(s.Submit("U0ANA", v.ID, url.Values{"why": {"too dear"}}))
			var titles []string
			for _, open := range s.Views("U0ANA") {
				titles = append(titles, open.Title)
				if got := string(open.Values["why"]["text"]); open.ID == v.ID && !strings.Contains(got, "too dear") {
					t.Errorf("the text is gone: %s", got)
				}
			}
			if diff := cmp.Diff(test.titles, titles); diff != "" || out.Saw != test.saw {
				t.Errorf("the person saw %q: %s", out.Saw, diff)
			}
			if got := strings.Join(s.Faults(), "\n"); (got == "") != (test.fault == "") || !strings.Contains(got, test.fault) {
				t.Errorf("faults: %s", got)
			}
			if name == "errors" && (out.Errors["why"] == "" || s.Views("U0ANA")[0].Errors["why"] != "not recorded, try again") {
				t.Errorf("the error is not beside the input: %v", out)
			}
			if test.saw != "" && s.Views("U0ANA")[0].Trouble != trouble {
				t.Error("the modal says nothing of the trouble")
			}
		})
	}
}

func TestModalUpdatedInTime(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	channel, ts := card(t, s)
	a.order(func(http.ResponseWriter) { // before the acknowledgement, as apps should
		said := call(t, s, "views.open", "trigger_id", a.payload(t)["trigger_id"].(string), "view", with("first"))
		s.Advance(time.Minute)
		call(t, s, "views.update", "view_id", under(said, "view", "id").(string), "view", strings.Replace(with("first"), "Reject", "Loaded", 1))
	})
	done(t)(s.Click("U0ANA", channel, ts, "approve"))
	if v := s.Views("U0ANA"); len(v) != 1 || v[0].Title != "Loaded" || v[0].Versions != 2 {
		t.Errorf("the modal is %v", v)
	}
}

func TestClosing(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	opened(t, s, a)
	if out := done(t)(s.CloseView("U0ANA")); !out.Acked || len(s.Views("U0ANA")) != 0 {
		t.Errorf("closing came to %v", out)
	}
	if p := a.payload(t); p["type"] != "view_closed" || p["is_cleared"] != false || under(p, "view", "callback_id") != "reject" {
		t.Errorf("the payload is %v", p)
	}
	if _, err := s.CloseView("U0ANA"); err == nil {
		t.Error("a modal that is not there was closed")
	}
}

func TestClickingInViews(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	said := fine(t, call(t, s, "views.publish", "user_id", "U0ANA", "view", `{"type":"home","blocks":`+button+`}`))
	id := under(said, "view", "id").(string)
	done(t)(s.ClickView("U0ANA", id, "approve"))
	if p := a.payload(t); under(p, "container", "type") != "view" || under(p, "container", "view_id") != id || under(p, "view", "type") != "home" || p["response_url"] != nil {
		t.Errorf("the payload is %v", p)
	}
	if _, err := s.ClickView("U0BO", id, "approve"); err == nil {
		t.Error("somebody clicked in another's home tab")
	}
	opened(t, s, a)
	v := s.Views("U0ANA")[0]
	done(t)(s.ClickView("U0ANA", v.ID, "user", "U0BO"))
	p := a.payload(t)
	if under(p, "view", "state", "values", "who", "user", "selected_user") != "U0BO" {
		t.Errorf("the state is %v", under(p, "view", "state"))
	}
	fine(t, call(t, s, "views.push", "trigger_id", p["trigger_id"].(string), "view", with("second")))
}

func TestClosingAll(t *testing.T) {
	t.Parallel()
	a := listen(t)
	s := start(t, Options{RequestURL: a.URL})
	v := opened(t, s, a)
	a.order(says(`{"response_action":"push","view":` + strings.Replace(with("second"), `"notify_on_close":true`, `"notify_on_close": true, "clear_on_close": true`, 1) + `}`))
	done(t)(s.Submit("U0ANA", v.ID, url.Values{"why": {"too dear"}}))
	if n := len(s.Views("U0ANA")); n != 2 {
		t.Fatalf("%d modals are open", n)
	}
	done(t)(s.CloseView("U0ANA"))
	if p := a.payload(t); p["is_cleared"] != true || len(s.Views("U0ANA")) != 0 {
		t.Errorf("closing all came to %v", p)
	}
}
