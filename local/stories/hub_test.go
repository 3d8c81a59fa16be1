package stories

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestAccessFromTheFormToItsEnd: a form that nobody could carry out is refused at its
// line; security sees what GitHub knows and sends back who isn't there; who is invited
// accepts at GitHub; nobody renews it, so it is taken away on its day and looked at again.
func TestAccessFromTheFormToItsEnd(t *testing.T) {
	t.Parallel()
	s := &taking{premises: newPremises(t)}
	s.wanted()
	s.compared()
	s.sworn()
	s.others(s.o, "access")

	until := s.o.now().AddDate(0, 0, 45).Format(time.DateOnly)
	r := s.o.opens("access")
	it := s.seated(r)
	f := it.opens(query("/request", "id", r.ID)).form("/request/answer")
	f.asks(r, s.o.sound(), "1", map[string]string{"login": "nadia rahman!", "team": "payroll", "permission": "member", "until": "2026-01-01"})
	shown := it.sends(f)
	if shown.status != http.StatusUnprocessableEntity || !strings.Contains(shown.text, "This is no login of GitHub") || !strings.Contains(shown.text, "Its end date is over") {
		t.Fatalf("what nobody can carry out: %d %s", shown.status, shown.text)
	}
	f = shown.form("/request/answer")
	f.asks(r, s.o.sound(), "1", map[string]string{"login": "nadia-rahman", "team": "payroll", "permission": "member", "until": until})
	f.asks(r, s.o.sound(), "2", map[string]string{"login": "nobody-there", "repository": "payroll-exports", "permission": "read", "until": until, "reason": "to look"})
	it.counts(it.sends(f), "access")

	accept := s.o.opens("access-accept")
	security := s.seated(accept)
	shown = security.opens(query("/request", "id", accept.ID))
	if !strings.Contains(shown.text, "GitHub has no account with this login") || !strings.Contains(shown.text, "they have no access yet") {
		t.Errorf("security is told: %s", shown.text)
	}
	f = shown.form("/request/answer")
	f.says("reject", reason("Nobody has that login.", ""), (*form).ticks)
	security.counts(security.sends(f), "access-accept")
	if n := len(s.hub.Invitations()); n > 0 {
		t.Errorf("%d were invited by what was not accepted", n)
	}
	s.grants(until)
	s.others(s.o)
	s.o.sealed(dossier.Live)
	s.takesAway(s.o.overseen())
}

// seated is whoever is to answer a request, at their browser.
func (s *taking) seated(r review.Request) *somebody {
	s.t.Helper()
	who, is := asked{&r}.next(s.o.now())
	if !is {
		s.t.Fatalf("nobody is to answer %s", r.ID)
	}
	return s.at(who.person)
}

// asks fills in one access of the form, and ticks what there is to tick.
func (f *form) asks(r review.Request, sound sounding, row string, lines map[string]string) {
	if row == "1" {
		f.fillLines(r, sound)
	}
	for name := range f.values {
		field, is := strings.CutSuffix(name, ".point")
		last, ours := strings.CutPrefix(f.values.Get(name), "access-"+row+"-")
		if typed, given := lines[last]; is && ours && given {
			f.values[field+".a"] = []string{typed}
		}
	}
	f.ticks()
	f.values.Set("verdict", "done")
	f.values.Set("do", "send")
}

// ticks every box.
func (f *form) ticks() {
	for name, values := range f.boxes {
		f.values[name] = values
	}
}

// grants brings the access on until the vendor's person is in.
func (s *taking) grants(until string) {
	t := s.t
	t.Helper()
	r := s.o.opens("access")
	it := s.seated(r)
	f := it.opens(query("/request", "id", r.ID)).form("/request/answer")
	f.asks(r, s.o.sound(), "1", map[string]string{"login": "nadia-rahman", "team": "payroll", "permission": "member", "until": until})
	it.counts(it.sends(f), "access")
	accept := s.o.opens("access-accept")
	security := s.seated(accept)
	f = security.opens(query("/request", "id", accept.ID)).form("/request/answer")
	f.says("approve")
	security.counts(security.sends(f), "access-accept")
	s.o.until("nadia is invited at GitHub", func(dossier.CaseView) bool { return len(s.hub.Invitations()) == 1 })
	s.joins()
}

// joins has the vendor's person accept their invitation at GitHub.
func (s *taking) joins() {
	t := s.t
	t.Helper()
	resp, err := http.PostForm(s.hub.URL()+"/answer", url.Values{"login": {"nadia-rahman"}, "repository": {""}, "say": {"accept"}})
	if err != nil {
		t.Fatalf("accepting at GitHub: %v", err)
	}
	_ = resp.Body.Close() // nothing of it is read
	if m := s.hub.Membership("nadia-rahman", "payroll"); resp.StatusCode != http.StatusOK || m.State != "active" {
		t.Fatalf("accepting at GitHub: %d, %+v", resp.StatusCode, m)
	}
}

// takesAway lets 46 days pass in which nobody says anything of the access.
func (s *taking) takesAway(w *onboarding) {
	t := s.t
	t.Helper()
	ctx := context.Background()
	access := func(v dossier.CaseView) *dossier.WatchView {
		i := slices.IndexFunc(v.Watched, func(x dossier.WatchView) bool { return x.Expiry.Kind == engagement.ExpiryAccess })
		if i < 0 {
			return nil
		}
		return &v.Watched[i]
	}
	for range 60 {
		next := w.quiet()
		v := w.view()
		a := access(v)
		if a == nil {
			t.Fatalf("nobody watches the access: %+v", v.Watched)
		}
		if a.Ended != "" {
			break
		}
		if m := s.hub.Membership("nadia-rahman", "payroll"); w.now().Before(a.On) && m.State != "active" {
			t.Fatalf("it was taken away before its day: %s", w.now())
		}
		if next.IsZero() {
			t.Fatalf("nothing more is due, and the access stands: %+v", a)
		}
		if err := s.Rehearse(w.id).Jump(ctx, next); err != nil {
			t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	v := w.view()
	if a := access(v); a.Ended != "removed" {
		t.Errorf("the access is %+v", a)
	}
	if m := s.hub.Membership("nadia-rahman", ""); m.State != "" || s.hub.Membership("nadia-rahman", "payroll").State != "" {
		t.Errorf("nadia is still a member: %+v", m)
	}
	if s.hub.Membership("northgate-developer", "payroll").State != "active" {
		t.Error("a colleague was removed")
	}
	i := slices.IndexFunc(v.Requests, func(r review.Request) bool { return r.Step == "access" })
	if i < 0 || v.Requests[i].Seatings[0].Holders[0].Person == v.Owner {
		t.Errorf("who signed it was not asked whether it is renewed: %+v", v.Requests)
	}
	var says []string
	for _, l := range w.lines() {
		if l.Entry.Kind == dossier.AccessStands {
			says = append(says, l.Entry.Detail.Result)
		}
	}
	if !slices.Equal(says, []string{"accepted", "removed", "gone"}) {
		t.Errorf("the record says %q", says)
	}
}

// TestLocalKeepsItsGitHub: its page is where local says, answers under its own name, and
// what was made there is there after a restart.
func TestLocalKeepsItsGitHub(t *testing.T) {
	t.Parallel()
	l := newLocal(t)
	for _, what := range [][2]string{{"account", "dev-one"}, {"repository", "new-code"}} {
		resp, err := http.PostForm(l.github()+"make", url.Values{"what": {what[0]}, "name": {what[1]}})
		if err != nil {
			t.Fatalf("making a %s: %v", what[0], err)
		}
		_ = resp.Body.Close() // nothing of it is read
		if resp.StatusCode != http.StatusOK {
			t.Errorf("making a %s: %d", what[0], resp.StatusCode)
		}
	}
	l.stop()
	l.start()
	if _, page := l.get(l.github(), ""); !strings.Contains(page, "<b>dev-one</b>") || !strings.Contains(page, "<h3>new-code, private</h3>") || !strings.Contains(page, "<h3>payroll, write</h3>") {
		t.Errorf("after a restart the page is\n%s", page)
	}
	if status, page := l.get(l.github(), "evil.example"); status != http.StatusMisdirectedRequest || strings.Contains(page, "dev-one") {
		t.Errorf("under another name it answers %d", status)
	}
	notice, err := os.ReadFile(filepath.Join(l.data, "local.json"))
	if err != nil || !strings.Contains(string(notice), `"github": "`+l.github()) {
		t.Errorf("%v: %s", err, notice)
	}
}

// github is the address of the GitHub's page.
func (l *running) github() string {
	l.t.Helper()
	found := regexp.MustCompile(`github\s+(http://\S+)`).FindStringSubmatch(l.said)
	if found == nil {
		l.t.Fatalf("local does not say where its GitHub is:\n%s", l.said)
	}
	return found[1]
}
