package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
)

// sampleDesk stands behind the real /api with the same data as fakeAPI. What it
// was sent it keeps.
type sampleDesk struct {
	web.Desk // nothing else is called

	served  []byte
	answers []review.Answer
	acts    []review.Act
	intakes []playbook.Intake
	orders  []dossier.ReplaceOrder
	away    []playbook.Away // what was said last; nil: nothing was
}

func (d *sampleDesk) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	d.answers = append(d.answers, a)
	return review.Outcome{Status: review.Counted, Request: a.Request, Seat: a.Seat, Version: a.Version, Verdict: a.Verdict, By: a.From.ID, State: review.Open}, nil
}

func (d *sampleDesk) Act(_ context.Context, a review.Act) (review.Outcome, error) {
	d.acts = append(d.acts, a)
	return review.Outcome{Status: review.Counted, Request: a.Request, Seat: a.Seat, By: a.From.ID, State: review.Open}, nil
}

func (d *sampleDesk) Open(_ context.Context, i playbook.Intake) (string, error) {
	d.intakes = append(d.intakes, i)
	return "onboarding/" + i.VendorSlug() + "/1", nil
}

func (d *sampleDesk) Waiting(_ context.Context, who review.Address) ([]review.Request, error) {
	if who.ID == "daniel" {
		return []review.Request{running().Requests[1]}, nil
	}
	return nil, nil
}

func (d *sampleDesk) Receipt(_ context.Context, _ review.Address, id string) (review.Outcome, dossier.Line, bool, error) {
	out := review.Outcome{Status: review.Counted, Seat: "legal", Version: 2, Verdict: review.Approve}
	switch id {
	case "counted":
		return out, lines()[2], true, nil
	case "fresh":
		return out, dossier.Line{}, false, nil
	case "pending":
		return review.Outcome{Status: review.Pending}, dossier.Line{}, false, nil
	}
	return out, dossier.Line{}, false, dossier.NotFoundError{What: "receipt", ID: id}
}

func (d *sampleDesk) Cases(context.Context, review.Address) ([]dossier.CaseView, error) {
	return []dossier.CaseView{running(), hostile(), withdrawn()}, nil
}

func (d *sampleDesk) CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error) {
	views, err := d.Cases(ctx, who)
	for i, v := range views {
		if v.ID == after {
			views = views[i+1:]
			break
		}
	}
	return views[:min(most, len(views))], err
}

func (d *sampleDesk) Case(ctx context.Context, who review.Address, id string) (dossier.CaseView, error) {
	views, _ := d.Cases(ctx, who)
	for _, v := range views {
		if v.ID == id {
			return v, nil
		}
	}
	return dossier.CaseView{}, dossier.NotFoundError{What: "case", ID: id}
}

func (d *sampleDesk) Lines(context.Context, review.Address, string) ([]dossier.Line, error) {
	return lines(), nil
}

func (d *sampleDesk) File(_ context.Context, _ review.Address, r io.Reader) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	sum := sha256.Sum256(text)
	return dossier.Paper{Digest: "sha256:" + hex.EncodeToString(sum[:]), Size: int64(len(text)), Media: "text/plain"}, err
}

func (d *sampleDesk) Document(_ context.Context, _ review.Address, _, digest string) (dossier.Paper, io.ReadCloser, error) {
	if digest != bookDigest {
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	_, text, err := config.Shipped("standard")
	return dossier.Paper{Digest: digest, Size: int64(len(text)), Media: "text/plain"}, io.NopCloser(bytes.NewReader(text)), err
}

// notYours forbids, as the desk's own error does.
type notYours struct{ error }

func (notYours) Forbidden() bool { return true }
func (notYours) Hint() string    { return "ask the case owner" }

func (d *sampleDesk) Dossier(_ context.Context, _ review.Address, id string, w io.Writer) error {
	if id != brightwell {
		return notYours{errors.New("this case is not for you")}
	}
	_, err := w.Write(d.served)
	return err
}

func (d *sampleDesk) People(context.Context, review.Address) ([]playbook.Person, error) {
	return people(), nil
}

func (d *sampleDesk) ApplyPeople(_ context.Context, _ review.Address, list []playbook.Person) (int, []string, error) {
	return 4, []string{list[0].ID, list[1].ID}, nil
}

func (d *sampleDesk) Who(_ context.Context, who review.Address) (playbook.Person, error) {
	for _, p := range people() {
		if p.ID == who.ID {
			if p.ID == "maya" { // and looks after letters
				p.Roles = append(slices.Clone(p.Roles), playbook.OperatorRole)
			}
			return p, nil
		}
	}
	return playbook.Person{}, dossier.NotFoundError{What: "person", ID: who.ID}
}

func (d *sampleDesk) Preview(_ context.Context, _ review.Address, a review.Act) (playbook.Correction, error) {
	if a.Process != brightwell {
		return playbook.Correction{}, dossier.NotFoundError{What: "case", ID: a.Process}
	}
	return correction(a.Field), nil
}

func (d *sampleDesk) PreviewReplace(_ context.Context, who review.Address, leaver, by string) (dossier.Replacement, error) {
	if who.ID != "maya" {
		return dossier.Replacement{}, notYours{errors.New("this case is not for you")}
	}
	return replacement(leaver, by), nil
}

func (d *sampleDesk) ReplacePeople(_ context.Context, _ review.Address, o dossier.ReplaceOrder) (dossier.Replacement, error) {
	d.orders = append(d.orders, o)
	return replacement(o.Leaver, o.By), nil
}

func (d *sampleDesk) Audit(_ context.Context, _ review.Address, _, _ time.Time, each func(dossier.AuditRow) error) error {
	for _, row := range audited() {
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// samplePost stands behind the real /api with the same letters as fakeAPI.
type samplePost struct{ reports int }

func (p *samplePost) Trouble(context.Context) ([]outbox.Letter, error) { return lettersOf(), nil }

func (p *samplePost) Again(_ context.Context, id string) (outbox.Letter, error) {
	if id != lettersOf()[0].ID {
		return outbox.Letter{}, dossier.NotFoundError{What: "letter", ID: id}
	}
	return repeated(), nil
}

func (p *samplePost) Bounced(_ context.Context, report []byte) error {
	if !strings.Contains(string(report), "delivery-status") {
		return noReport{}
	}
	p.reports++
	return nil
}

type noReport struct{}

func (noReport) Error() string { return "the mail is no delivery report" }
func (noReport) Invalid() bool { return true }

func (d *sampleDesk) SetAway(_ context.Context, _ review.Address, _ string, a playbook.Away) error {
	d.away = afterSaying(a)
	return nil
}

func (d *sampleDesk) Aways(context.Context, review.Address, time.Time) ([]playbook.Away, error) {
	if d.away == nil {
		return aways(), nil
	}
	return d.away, nil
}

func (d *sampleDesk) Fingerprint(context.Context) string { return "gw1:aaaa-bbbb" }

// sampleGate stands behind the real /api with the same tokens as fakeAPI.
type sampleGate struct {
	web.Gate // nothing else is called
}

func (sampleGate) TokenOf(_ context.Context, secret string) (playbook.Person, access.Token, error) {
	for _, p := range people() {
		if "gwt_"+p.ID == secret {
			return p, access.Token{Person: p.ID}, nil
		}
	}
	return playbook.Person{}, access.Token{}, dossier.NotFoundError{What: "token"}
}

func (sampleGate) Tokens(_ context.Context, person string) ([]access.Token, error) {
	return tokensOf(person), nil
}

func (sampleGate) NewToken(_ context.Context, person, name string, until time.Time) (string, access.Token, error) {
	return "gwt_fresh", access.Token{ID: "t9", Person: person, Name: name, Made: days(7), Until: until}, nil
}

func (sampleGate) RevokeToken(_ context.Context, _, id string) error {
	if id != "t1" {
		return noToken{}
	}
	return nil
}

type noToken struct{}

func (noToken) Error() string  { return "there is no such token of yours" }
func (noToken) NotFound() bool { return true }

// TestFakeTakesTokensLikeTheRealThing: likewise where a token says who acts.
func TestFakeTakesTokensLikeTheRealThing(t *testing.T) {
	t.Parallel()
	fake := httptest.NewServer(&fakeAPI{t: t, dir: t.TempDir()})
	t.Cleanup(fake.Close)
	genuine := httptest.NewServer(web.New(&sampleDesk{}, web.Options{Gate: sampleGate{}, Now: func() time.Time { return days(7) }}))
	t.Cleanup(genuine.Close)
	for _, args := range [][]string{
		{"cases"}, {"waiting"}, {"token", "list"}, {"token", "list", "-o", "json"}, {"token", "new", "laptop"}, {"token", "new", "laptop", "--until", "2026-12-24", "-o", "json"},
		{"token", "revoke", "t1"}, {"token", "revoke", "t7"}, {"delegate", brightwell, "review", "--to", "ines", "--until", "2026-12-04"},
		{"answer", brightwell, "review", "approve", "--attest-all"},
	} {
		call := func(url string) (int, string, string) {
			var out, errs bytes.Buffer
			code := patient().run(t.Context(), append([]string{"--url", url}, args...), []string{"GANGWAY_TOKEN=gwt_daniel"}, nil, &out, &errs)
			return code, out.String(), errs.String()
		}
		code, out, errs := call(genuine.URL)
		wantCode, wantOut, wantErrs := call(fake.URL)
		if code != wantCode || out != wantOut || errs != wantErrs {
			t.Errorf("%v: the real server gives %d, the fake %d\n%s\n%s", args, code, wantCode, cmp.Diff(wantOut, out), cmp.Diff(wantErrs, errs))
		}
	}
	for _, token := range []string{"gwt_stranger", "hunter2"} { // both ends refuse, each in words of its own
		var errs bytes.Buffer
		code := patient().run(t.Context(), []string{"cases", "--url", genuine.URL}, []string{"GANGWAY_TOKEN=" + token}, nil, new(bytes.Buffer), &errs)
		if code != exitDenied || !strings.Contains(errs.String(), "hint: make a token") {
			t.Errorf("%s: exit code %d\n%s", token, code, errs.String())
		}
	}
}

// TestFakeIsLikeTheRealThing gives the same command lines to the fake /api of the
// scripts and to the real one, and wants the same output and exit codes: a fake
// that drifts away would make every script worthless.
func TestFakeIsLikeTheRealThing(t *testing.T) {
	t.Parallel()
	made, err := dossiers()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"served.zip": made.live, "v3.md": []byte("# Agreement\n1. New.\n"),
		"vendor.yaml": []byte("vendor: {name: Brightwell, service: payroll}\nreason: why\nowner: maya\ncontract: v3.md\n"),
		"people.yaml": []byte("zone: Europe/London\nhours: Mon-Fri 09:00-17:00\npeople: [{id: ann, name: Ann}, {id: bob, name: Bob}]\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fake := httptest.NewServer(&fakeAPI{t: t, dir: dir})
	t.Cleanup(fake.Close)
	desk, letters := &sampleDesk{served: made.live}, &samplePost{}
	genuine := httptest.NewServer(web.New(desk, web.Options{PickPerson: true, Post: letters}))
	t.Cleanup(genuine.Close)
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, args := range [][]string{
		{"cases", "--all"}, {"cases", "-o", "json"}, {"cases", "--as", "stranger"}, {"cases", "--as", "old"},
		{"show", brightwell}, {"show", brightwell, "-o", "json"}, {"show", "onboarding/evil/1"}, {"show", "onboarding/nobody/1"}, {"show", brightwell, "--journal"},
		{"waiting", "--as", "daniel"}, {"waiting", "--person", "daniel"}, {"waiting", "-o", "json"},
		{"receipt", "counted"}, {"receipt", "fresh"}, {"receipt", "pending"}, {"receipt", "none"}, {"receipt", "counted", "-o", "json"},
		{"answer", brightwell, "review", "approve", "--attest-all", "--as", "daniel"},
		{"answer", brightwell, "review", "changes", "--reason", "a", "--for-vendor", "b", "--document", in("v3.md"), "--seat", "security", "--as", "daniel"},
		{"take-back", brightwell, "review", "--reason", "x"}, {"recuse", brightwell, "--reason", "x"}, {"withdraw", brightwell, "--reason", "x"},
		{"reopen", brightwell, "need", "--reason", "x"}, {"delegate", brightwell, "review", "--to", "ines", "--until", "2026-12-04"},
		{"submit", brightwell, "contract", in("v3.md"), "--from-vendor", "-o", "json"},
		{"onboard", in("vendor.yaml"), "--rehearsal"}, {"away"}, {"away", "-o", "json"}, {"away", "2026-12-21", "2027-01-03", "--backup", "tom"}, {"away", "--end"}, {"away", "--end", "-o", "json"}, {"people", "list"}, {"people", "apply", in("people.yaml")}, {"key", "fingerprint"},
		{"extend", brightwell, "review", "--to", "2026-12-18", "--reason", "x"}, {"hold", brightwell, "--reason", "x"}, {"resume", brightwell, "--reason", "x"},
		{"ask", brightwell, "tom", "Can it?"}, {"add-seat", brightwell, "review", "--role", "finance", "--mandatory", "--group", "2", "--reason", "x"},
		{"add-seat", brightwell, "review", "--person", "sora", "--reason", "x"}, {"send-changes", brightwell, "--reason", "x", "--for-vendor", "y"},
		{"correct", brightwell, "data", "a, b", "--dry-run"}, {"correct", brightwell, "yearlyCost", "9", "--yes", "--reason", "x"}, {"correct", "onboarding/nobody/1", "data", "a", "--dry-run"}, {"stop", brightwell, "--reason", "x"},
		{"people", "replace", "tom", "--by", "sora", "--dry-run"}, {"people", "replace", "tom", "--by", "sora", "--dry-run", "-o", "json"}, {"people", "replace", "tom", "--by", "sora", "--yes", "--reason", "x"},
		{"people", "replace", "tom", "--by", "sora", "--dry-run", "--as", "daniel"},
		{"audit", "--from", "2026-11-01", "--to", "2026-11-30"}, {"audit", "--from", "2026-11-01", "--to", "2026-11-30", "-o", "csv"}, {"audit", "--from", "2026-11-01", "--to", "2026-11-30", "-o", "json"},
		{"letters", "list"}, {"letters", "list", "--as", "daniel"}, {"letters", "again", "asked/1"}, {"letters", "again", "nothing"}, {"bounce"}, {"bounce", "--as", "daniel"},
		{"dossier", brightwell, "--out", in("out.zip"), "--force"}, {"dossier", "onboarding/acme/1", "--out", in("no.zip")},
	} {
		call := func(url string) (int, string, string) {
			var out, errs bytes.Buffer
			code := patient().run(t.Context(), append([]string{"--url", url, "--as", "maya"}, args...), nil, strings.NewReader("Content-Type: message/delivery-status\n"), &out, &errs)
			return code, out.String(), errs.String()
		}
		code, out, errs := call(genuine.URL)
		wantCode, wantOut, wantErrs := call(fake.URL)
		if code != wantCode || out != wantOut || errs != wantErrs {
			t.Errorf("%v: the real server gives %d, the fake %d\n%s\n%s", args, code, wantCode, cmp.Diff(wantOut, out), cmp.Diff(wantErrs, errs))
		}
	}
	arrived(t, desk)
}

// arrived wants what was said to have reached the desk in its person's name.
func arrived(t *testing.T, d *sampleDesk) {
	t.Helper()
	if len(d.answers) != 2 || len(d.acts) != 15 || len(d.intakes) != 1 {
		t.Fatalf("%d answers, %d acts and %d intakes arrived", len(d.answers), len(d.acts), len(d.intakes))
	}
	a := d.answers[1]
	if a.From != (review.Address{Channel: "cli", ID: "daniel"}) || a.Verdict != review.Changes || a.Version != 2 || a.Seat != "security" ||
		a.Text != (review.Text{Inside: "a", Vendor: "b"}) || len(a.Documents) != 1 || a.ID == d.answers[0].ID {
		t.Errorf("the answer arrived as %+v", a)
	}
	if got := d.answers[0].Attest; len(got) != 1 || got[0] != "no-conflict" {
		t.Errorf("it was attested to %v", got)
	}
	extension, seat, changes, corrected := d.acts[6], d.acts[10], d.acts[12], d.acts[13]
	if extension.Kind != review.Extend || iso(extension.Until) != "2026-12-19T05:00:00Z" || extension.Request != reviewed().ID {
		t.Errorf("the extension arrived as %+v", extension)
	}
	if seat.Kind != review.AddSeat || seat.Role != "finance" || !seat.Mandatory || seat.Group != 2 || seat.ToID != "" {
		t.Errorf("the seat arrived as %+v", seat)
	}
	if changes.Kind != review.SendChanges || changes.Text != (review.Text{Inside: "x", Vendor: "y"}) || changes.Process != brightwell {
		t.Errorf("the changes arrived as %+v", changes)
	}
	if corrected.Field != "yearlyCost" || corrected.Amount != 9 || corrected.Digest != correction("yearlyCost").Digest {
		t.Errorf("the correction arrived as %+v", corrected)
	}
	if o := d.orders; len(o) != 1 || o[0].Leaver != "tom" || o[0].By != "sora" || o[0].Digest != replacement("tom", "sora").Digest || o[0].Reason != "x" || o[0].ID == "" {
		t.Errorf("the order arrived as %+v", o)
	}
	delegation, version := d.acts[4], d.acts[5]
	if delegation.ToID != "ines" || iso(delegation.Until) != "2026-12-05T05:00:00Z" || delegation.Request == "" {
		t.Errorf("the delegation arrived as %+v", delegation)
	}
	if version.Name != "contract" || version.Document == "" || !version.ForVendor || version.Process != brightwell {
		t.Errorf("the version arrived as %+v", version)
	}
	if i := d.intakes[0]; i.Contract != version.Document || !i.Rehearsal || i.From.ID != "maya" || i.ID == "" {
		t.Errorf("the intake arrived as %+v", i)
	}
}
