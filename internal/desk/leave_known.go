package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// known is what the record knows of a vendor who works.
type known struct {
	name string
	// view is the case by which they work: their oversight, or the onboarding that ended
	// live where nothing watches them; past the onboarding behind an oversight.
	view, past dossier.CaseView
	oversight  string // empty: nothing watches them
	leaving    string // the exit by which they are being left; empty: none runs
	facts      playbook.Facts
	service    string // what they do, in the words of the newest intake
	tier       engagement.Tier
	plan       string // digest of the signed exit plan
	contract   string // digest of the executed copy
	ends       engagement.Expiry
	noticed    bool // how long before the end notice must arrive is known
}

// works reports whether a vendor works by a case.
func works(v *dossier.CaseView) bool {
	switch {
	case hasPrefix(v.ID, workflows.OversightPrefix(v.Vendor)):
		return v.State == dossier.Running
	case hasPrefix(v.ID, workflows.OnboardingPrefix(v.Vendor)):
		return v.State == dossier.Live
	}
	return false
}

// knownFacts reads what the newest intake says, as corrected since.
func (d *Desk) knownFacts(ctx context.Context, k *known) error {
	for _, v := range []dossier.CaseView{k.view, k.past} {
		if !slices.ContainsFunc(v.Documents, func(doc dossier.DocumentView) bool { return doc.Name == "intake" }) {
			continue
		}
		facts, err := d.factsOf(ctx, &v)
		if isNotFound(err) { // erased since
			return nil
		}
		if err != nil {
			return err
		}
		i, err := d.intakeIn(ctx, &v)
		k.facts, k.service = facts, i.Vendor.Service
		return err
	}
	return nil
}

// knownPapers finds the exit plan, the contract and its end.
func (d *Desk) knownPapers(ctx context.Context, k *known) error {
	watching := k.view.Watching()
	for _, w := range watching {
		switch {
		case w.Kind == engagement.ExpiryContract && !w.On.IsZero() && (k.ends.On.IsZero() || w.On.After(k.ends.On)):
			k.ends, k.noticed = w.Expiry, true
		case w.Kind == engagement.ExpiryExitPlan && w.Document != "":
			k.plan = w.Document
		}
	}
	for _, w := range watching {
		if w.Kind == engagement.ExpiryGap && w.Name == workflows.GapNotice {
			k.noticed = false
		}
	}
	k.contract = k.ends.Document
	plan := workflows.ExitPlanDocument
	if k.oversight == "" { // there the plan is filed under the step that asked for it
		rules, err := d.rulesOf(ctx, k.view.ID)
		if err != nil {
			return fmt.Errorf("reading by which rules a vendor came on board: %w", err)
		}
		if i := slices.IndexFunc(rules.Steps, func(s playbook.Step) bool { return s.Does == playbook.DoesExitPlan }); i >= 0 {
			plan = rules.Steps[i].ID
		}
	}
	for _, doc := range k.view.Documents { // in the order in which they were filed
		switch {
		case doc.Name == "contract" && k.ends.Document == "":
			k.contract = doc.Document
		case doc.Name == plan && k.plan == "":
			k.plan = doc.Document
		}
	}
	return nil
}

// roll is whose accounts a vendor's are, as far as the accesses given here tell, and what
// they were let into.
type roll struct {
	inventory.Roster
	places []string // repository/…, team/…
}

// maxGiven bounds a form of accesses, or the evidence of how they stood, in bytes.
const maxGiven = 4 << 20

// given is either a form by which accesses were asked for or the evidence of how they
// stood, whichever a document is.
type given struct {
	engagement.Sheet
	Standings []entitlement.Standing `json:"standings"`
}

// rollOf reads every access that was given to people of a vendor, those that have ended
// too: who had one may have left something behind.
func (d *Desk) rollOf(ctx context.Context, k known) (roll, error) {
	r := roll{Roster: inventory.Roster{Vendor: k.view.Vendor}}
	var read []string
	for _, w := range k.view.Watched {
		if w.Kind != engagement.ExpiryAccess || w.Document == "" || slices.Contains(read, w.Document) {
			continue
		}
		read = append(read, w.Document)
		g, err := d.givenIn(ctx, w.Document)
		if isNotFound(err) { // erased since
			continue
		}
		if err != nil {
			return r, err
		}
		for _, s := range g.Standings {
			r.add(s.Login, s.Account, s.Place)
		}
		grants, err := entitlement.GrantsIn(g.Sheet)
		if err != nil { // it is none that was ever carried out
			continue
		}
		for _, a := range grants {
			place := "repository/" + a.Repository
			if a.Team != "" {
				place = "team/" + a.Team
			}
			r.add(a.Login, a.Account, place)
		}
	}
	slices.SortFunc(r.Identities, func(a, b inventory.Identity) int { return cmp.Compare(a.Login, b.Login) })
	return r, nil
}

func (d *Desk) givenIn(ctx context.Context, digest string) (given, error) {
	var g given
	_, text, err := d.store.Get(ctx, digest)
	if err != nil {
		return g, err
	}
	raw, err := io.ReadAll(io.LimitReader(text, maxGiven))
	_ = text.Close() // read to its end: nothing is left to go wrong
	if err != nil {
		return g, fmt.Errorf("reading which accesses were given: %w", err)
	}
	err = json.Unmarshal(raw, &g)
	if err != nil { // an adopted vendor's file is any document
		return given{}, nil
	}
	return g, nil
}

// add notes one access. A login counts once, in whatever case its letters are, and with
// the number that is known of it.
func (r *roll) add(login string, account int64, place string) {
	if login == "" {
		return
	}
	i := slices.IndexFunc(r.Identities, func(x inventory.Identity) bool {
		return strings.EqualFold(x.Login, login) && (x.Account == 0 || account == 0 || x.Account == account)
	})
	switch {
	case i < 0:
		r.Identities = append(r.Identities, inventory.Identity{Login: login, Account: account})
	case r.Identities[i].Account == 0:
		r.Identities[i].Account = account
	}
	if !slices.Contains(r.places, place) {
		r.places = append(r.places, place)
	}
}

func (r roll) repositories() int {
	n := 0
	for _, p := range r.places {
		if strings.HasPrefix(p, "repository/") {
			n++
		}
	}
	return n
}

// file keeps the roster as a document; without an account there is none, and the process
// asks for one.
func (r roll) file(ctx context.Context, store Store) (string, error) {
	if len(r.Identities) == 0 {
		return "", nil
	}
	text, err := json.Marshal(r.Roster)
	if err != nil {
		return "", fmt.Errorf("packing the accounts of a vendor: %w", err)
	}
	paper, err := store.Put(ctx, bytes.NewReader(text), engagement.MaxDocument)
	if err != nil {
		return "", fmt.Errorf("filing the accounts of a vendor: %w", err)
	}
	return paper.Digest, nil
}

// dates are until when notice has to arrive, and what that makes of the wanted day.
func (l *leaving) dates() dossier.ExitDates {
	return dossier.DatesOf(l.known.ends, l.known.noticed, l.today(), l.order.By)
}

// preview is what the exit would come to.
func (l *leaving) preview(ctx context.Context) (dossier.ExitPreview, error) {
	k := l.known
	p := dossier.ExitPreview{Vendor: k.view.Vendor, Name: k.name, Case: k.view.ID, Onboarding: l.onboarding, Playbook: l.rules.Name, Order: l.order,
		Accounts: len(l.roster.Identities), Repositories: l.roster.repositories(),
		ExitDates: l.dates()}
	for _, who := range l.roster.Identities {
		p.Logins = append(p.Logins, who.Login)
	}
	p.Places = slices.Sorted(slices.Values(l.roster.places))
	contacts, err := l.desk.store.Contacts(ctx, k.view.Vendor)
	if err != nil {
		return p, fmt.Errorf("looking who of the vendor can be asked: %w", err)
	}
	people := slices.Clone(l.people)
	for _, c := range contacts {
		if c.State == playbook.ContactActive {
			people = append(people, c.Person(l.rules.Hours))
		}
	}
	for _, s := range l.steps {
		p.Steps = append(p.Steps, l.asks(s, people))
	}
	p.Schedule = l.schedule()
	p.Left, p.Wants = l.short()
	p.Lacks = l.lacks(len(people) > len(l.people))
	return p, nil
}

// omitted are the steps that a planned exit would ask, and this one does not.
func (l *leaving) omitted() []exit.Piece {
	if l.order.Plays() == exit.ModePlanned {
		return nil
	}
	planned := l.order
	planned.Mode = exit.ModePlanned
	steps := slices.DeleteFunc(l.rules.ExitSteps(planned, l.known.tier, l.known.facts), func(s playbook.Step) bool {
		return slices.ContainsFunc(l.steps, func(x playbook.Step) bool { return x.ID == s.ID })
	})
	return workflows.ExitPieces(steps)
}

// schedule counts the plan back from the wanted day, where it has to be made shorter.
// What the signed plan names is read when it is carried out.
func (l *leaving) schedule() *exit.Schedule {
	if l.order.Plays() == exit.ModePlanned {
		return nil
	}
	s := l.wanted().Schedule()
	return &s
}

// short is how many days are left and how many are wanted where they do not reach for a
// planned exit; zeros: they do, or the exit is made shorter.
func (l *leaving) short() (left, wants int) {
	left, wants = l.wanted().Days()
	if wants <= left || l.order.Plays() != exit.ModePlanned {
		return 0, 0
	}
	return left, wants
}

func (l *leaving) wanted() exit.Wanted {
	return exit.Wanted{From: l.today(), By: l.order.By, Notice: l.dates().Notice(),
		Asked: workflows.ExitPieces(l.steps), Omitted: l.omitted()}
}

// asks is a step with whom it would be asked of now: whoever holds a seat first, not
// those who stand in.
func (l *leaving) asks(s playbook.Step, people []playbook.Person) dossier.ExitStep {
	v := l.known.view
	out := dossier.ExitStep{ID: s.ID, Process: string(s.Process), Title: s.Title}
	pol := s.Policy
	benches := playbook.Bench(pol, people, 0, v.Vendor, v.Owner, v.Deputy, v.Sponsor, l.now)
	seats := pol.Seats()
	for i, b := range benches {
		if !slices.Contains(out.Roles, seats[i].Role) {
			out.Roles = append(out.Roles, seats[i].Role)
		}
		for _, c := range b.Candidates {
			if c.Via != review.ViaBackup && c.Person.ID != s.Barred(l.who.ID) && !slices.Contains(out.People, c.Person.ID) {
				out.People = append(out.People, c.Person.ID)
			}
		}
	}
	return out
}

// lacks is what the exit would have to do without, in the words of dossier.
func (l *leaving) lacks(contacts bool) []string {
	k := l.known
	gap := slices.ContainsFunc(k.view.Watching(), func(w dossier.WatchView) bool {
		return w.Kind == engagement.ExpiryGap && w.Name == workflows.GapDPA
	})
	var all []string
	for _, x := range []struct {
		word string
		is   bool
	}{
		{dossier.LacksExitPlan, k.plan == ""}, {dossier.LacksContract, k.contract == ""}, {dossier.LacksEnd, k.ends.On.IsZero()},
		{dossier.LacksNotice, !k.noticed}, {dossier.LacksRoster, len(l.roster.Identities) == 0}, {dossier.LacksContacts, !contacts},
		{dossier.LacksOnboarding, l.order.Successor != "" && l.onboarding == ""}, {dossier.LacksDPA, gap},
	} {
		if x.is {
			all = append(all, x.word)
		}
	}
	return all
}
