package mail_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/mail"
	"gangway/internal/mail/mailtest"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestGoldenMails holds mails as people get them. Written anew with
// GANGWAY_UPDATE=1; then look at them.
func TestGoldenMails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	s, b, x := w.newCase(acme, false), w.newCase(bolt, false), w.newCase("onboarding/drill/1", true)
	legal := s.ask("legal", "Legal review of the master services agreement", "helen")
	tax, it := s.ask("tax", "Tax review", "helen"), b.ask("it", "IT security review", "helen", "sam")
	drill := x.ask("legal", "Legal review in the drill", "sam")
	send := func(name, to string, tell func()) {
		t.Helper()
		before := len(w.server.Mails(to))
		tell()
		w.pass(time.Minute)
		w.deliver()
		m := w.count(to, before+1)[before]
		hold(t, name+".eml", string(m.Raw))
		hold(t, name+".txt", m.Subject+"\n\n"+m.Text)
		hold(t, name+".html", m.HTML)
	}
	send("asked", "helen@example.org", func() { w.show("n1", acme, "helen", playbook.WhyAsked, legal) })
	send("several", "helen@example.org", func() {
		w.show("n2", acme, "helen", playbook.WhyAsked, tax)
		w.show("n3", bolt, "helen", playbook.WhyBackup, it)
	})
	send("manager", "rita@example.org", func() { w.show("n4", bolt, "rita", playbook.WhyManager, it) })
	send("rehearsal", "sam@example.org", func() { w.show("n5", "onboarding/drill/1", "sam", playbook.WhyAsked, drill) })
	send("sign-in", "helen@example.org", func() {
		w.ok(w.post.PutLetter(t.Context(), outbox.Letter{ID: "signin/l1", Person: "helen", Kind: outbox.SignIn, Link: "l1"}))
	})
	w.pass(47 * time.Hour)
	send("digest", "helen@example.org", func() {
		w.show("r1", acme, "helen", playbook.WhyReminder, legal, tax)
		w.show("r2", bolt, "helen", playbook.WhyReminder, it)
	})
	send("outcome", "rita@example.org", func() {
		s.approve(legal, "helen")
		s.shut(legal, review.Met, "decided")
		w.ok(w.post.Follow(t.Context(), review.Copy{Request: legal, State: review.Met, Closed: true, At: monday()}))
	})
	send("ended", "rita@example.org", func() {
		s.end()
		w.deliver()
	})
}

// Two deployments give the same letters other names.
func TestSecretsDifferByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mailtest.Options{})
	r := w.newCase(acme, false).ask("legal", "Legal review", "helen", "sam")
	for i, change := range []func(*mail.Options){nil, func(o *mail.Options) { o.Key = append(key()[:31:31], 'x') }} {
		w.post = w.newPost(w.a, change)
		w.show([]string{"n1", "n2"}[i], acme, []string{"helen", "sam"}[i], playbook.WhyAsked, r)
		w.pass(time.Minute)
		w.deliver()
	}
	one, two := w.count("helen@example.org", 1)[0], w.count("sam@example.org", 1)[0]
	if one.From == two.From || one.Header.Get("References") == two.Header.Get("References") || one.Message() == two.Message() {
		t.Error("what only this deployment can know is known to another")
	}
}

func hold(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("GANGWAY_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got); write it anew with GANGWAY_UPDATE=1:\n%s", name, d)
	}
}
