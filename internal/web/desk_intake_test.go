package web

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gangway/config"
	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// refusedInput is a refusal in the words and the shape that a desk has for it: a line
// for each fault, with its place.
type refusedInput struct {
	lines []string
	hint  string
}

func (e refusedInput) Error() string { return strings.Join(e.lines, "\n") }
func (refusedInput) Invalid() bool   { return true }
func (e refusedInput) Hint() string  { return e.hint }

// IntakeForm is that of a shipped playbook; the deployment's own is called standard.
func (d *recorder) IntakeForm(_ context.Context, who review.Address, name string) (playbook.IntakeForm, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !access.May(d.person(who.ID), access.OpenCase, nil) {
		return playbook.IntakeForm{}, notFor{}
	}
	if d.stop != nil {
		return playbook.IntakeForm{}, d.stop
	}
	if name == "" {
		name = "standard"
	}
	if !slices.Contains(config.Playbooks(), name) {
		return playbook.IntakeForm{}, refusedInput{[]string{"there is no playbook of that name"}, "name one of the playbooks that are there"}
	}
	pb, _, err := config.Shipped(name)
	f := pb.IntakeForm()
	for _, other := range config.Playbooks() {
		if other != name {
			f.Others = append(f.Others, other)
		}
	}
	return f, err
}

// wanted is a desk that judges intakes as the real one does: by the playbook's rules,
// by number, and by what is on its way on board already. It opens parts alone.
type wanted struct {
	*recorder
	opened map[string]string // cases by intake
}

func (d *wanted) Open(_ context.Context, i playbook.Intake) (string, error) {
	return d.begin("onboarding", i)
}

func (d *wanted) OpenPart(_ context.Context, part playbook.Process, i playbook.Intake) (string, error) {
	i.Alone = part
	return d.begin(string(part), i)
}

func (d *wanted) OpenDPA(_ context.Context, i playbook.DPAIntake) (string, error) {
	return d.begin(string(playbook.DPA), i.Intake())
}

func (d *wanted) begin(kind string, i playbook.Intake) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("open %s %s", i.From.ID, i.ID)
	if d.fail != nil {
		return "", d.fail
	}
	if id := d.opened[i.ID]; id != "" {
		return id, nil
	}
	pb, _, err := config.Shipped(i.Playbook)
	if err != nil {
		return "", err
	}
	if i.Owner == "" {
		i.Owner = i.From.ID
	}
	var lines []string
	for _, f := range append(i.Check(), pb.CheckIntake(i, d.people)...) {
		lines = append(lines, f.String())
	}
	if strings.Contains(string(d.papers[i.Contract]), "%PDF-broken") {
		lines = append(lines, "contract: this PDF is broken")
	}
	if len(lines) > 0 {
		return "", refusedInput{lines, "mend what is named above and file it again; nothing was started"}
	}
	id := kind + "/" + i.VendorSlug() + "/1"
	for _, c := range d.opened {
		if c == id {
			return "", refusedInput{[]string{i.Vendor.Name + " is being taken on board already, in " + id}, "go on there; another service of theirs is an engagement of its own"}
		}
	}
	d.opened[i.ID] = id
	d.intakes = append(d.intakes, i)
	if !d.lag {
		d.cases = append(d.cases, &dossier.CaseView{ID: id, Vendor: i.VendorSlug(), Owner: i.Owner, Requester: i.From.ID, State: dossier.Running, Stage: "need", Playbook: pb.Name, Opened: today(), Last: today(), Rehearsal: i.Rehearsal})
	}
	return id, nil
}

// newWantedSite is a site whose desk judges intakes. Ola, Lena and the others are the
// people of the scene.
func newWantedSite(t testing.TB, change ...func(*Options)) (*site, *wanted) {
	t.Helper()
	var o Options
	s := newSite(t, append(change, func(kept *Options) { o = *kept })...)
	d := &wanted{s.desk, map[string]string{}}
	s.h = New(d, o)
	return s, d
}
