package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gangway/internal/access"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// adopting is one file of vendors on its way in.
type adopting struct {
	desk   *Desk
	who    playbook.Person
	order  dossier.AdoptOrder
	rules  playbook.Playbook
	text   []byte // of the playbook
	people []playbook.Person
	views  []dossier.CaseView
	faults []error
	files  []string // that the file names and nobody filed
}

// Adopt takes in vendors who work already, from a file: what it knows is filed with
// its source, and nobody here has reviewed it; what it lacks becomes tasks of the
// owner. The same file again changes nothing, and a file that knows more of a vendor
// tells that one's oversight. Every fault is named at once; with one of them nothing
// is done.
func (c clerk) Adopt(ctx context.Context, from review.Address, o dossier.AdoptOrder) (dossier.Adoption, error) {
	d := c.desk
	var out dossier.Adoption
	who, err := d.client(ctx, from, access.OpenCase)
	if err != nil {
		return out, err
	}
	rows, faults := readAdopt(o.CSV)
	if len(faults) > 0 {
		return out, InputError{Faults: faults, hint: "mend the file and adopt it again; nothing was done"}
	}
	a := &adopting{desk: d, who: who, order: o}
	err = a.look(ctx)
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		done, err := a.row(ctx, row)
		if err != nil {
			return out, err
		}
		if i := slices.IndexFunc(out.Rows, func(r dossier.AdoptedRow) bool { return r.Vendor.Slug == done.Vendor.Slug }); i >= 0 {
			a.fault(row.line, "it is the vendor of line %d; give two services of one vendor a slug each", out.Rows[i].Line)
		}
		out.Rows = append(out.Rows, done)
	}
	out.Files = a.files
	if !o.Try && len(a.files) > 0 {
		a.faults = append(a.faults, fmt.Errorf("these documents were not filed: %s", strings.Join(a.files, ", ")))
	}
	if len(a.faults) > 0 {
		return dossier.Adoption{}, InputError{Faults: a.faults, hint: "mend the file and adopt it again; nothing was done"}
	}
	if o.Try {
		return out, nil
	}
	for i := range out.Rows {
		err = a.do(ctx, &out.Rows[i])
		if err != nil {
			return out, fmt.Errorf("adopting the vendor of line %d: %w", out.Rows[i].Line, err)
		}
	}
	return out, nil
}

func (a *adopting) fault(line int, format string, args ...any) {
	a.faults = append(a.faults, fmt.Errorf("line %d: %w", line, fmt.Errorf(format, args...)))
}

// look reads what rows are held to.
func (a *adopting) look(ctx context.Context) error {
	people, _, err := a.desk.store.People(ctx)
	if err != nil {
		return fmt.Errorf("reading the people of an adoption: %w", err)
	}
	a.people = playbook.Own(people)
	a.rules, a.text, err = a.desk.library.Playbook(a.order.Playbook)
	if err != nil {
		return invalid("name one of the playbooks that are there", "playbook %.60q: %v", a.order.Playbook, err)
	}
	a.views, err = a.desk.store.Cases(ctx)
	if err != nil {
		return fmt.Errorf("reading which vendors are known: %w", err)
	}
	return nil
}

// row says what becomes of one row.
func (a *adopting) row(ctx context.Context, in adoptRow) (dossier.AdoptedRow, error) {
	row := dossier.AdoptedRow{Line: in.line, AdoptedVendor: in.AdoptedVendor}
	v := &row.AdoptedVendor
	v.Playbook, v.Rehearsal = a.order.Playbook, a.order.Rehearsal
	i := intakeOf(*v)
	v.Vendor.Slug = i.VendorSlug()
	a.check(in.line, i)
	v.Tier = playbook.TierFor(a.rules.Tiers, i.Facts())
	for j := range v.Facts {
		f := &v.Facts[j]
		if f.File == "" {
			continue
		}
		f.Document = a.order.Files[f.File]
		if f.Document == "" {
			if !slices.Contains(a.files, f.File) {
				a.files = append(a.files, f.File)
			}
			continue
		}
		_, there, err := a.desk.store.Get(ctx, f.Document)
		if isNotFound(err) {
			a.fault(in.line, "the document %.60q was not filed", f.File)
			continue
		}
		if err != nil {
			return row, fmt.Errorf("looking at a document of an adoption: %w", err)
		}
		_ = there.Close() // nothing was read
	}
	v.Gaps = a.gaps(in, i)
	v.ID = adoptID(*v)
	return row, a.place(ctx, &row)
}

// check holds a row to what an intake is held to, but for what only a new vendor is
// asked: nor does a vendor who works already have to fit what its tier needs of an
// intake, since what nobody wrote down years ago can't be made up today.
func (a *adopting) check(line int, i playbook.Intake) {
	rules := a.rules
	rules.Tiers = slices.Clone(rules.Tiers)
	for j := range rules.Tiers {
		rules.Tiers[j].Needs = nil
	}
	places := []string{"$.vendor", "$.data", "$.systems", "$.yearlyCost", "$.owner", "$.deputy", "$.sponsor"}
	for _, f := range append(i.Check(), rules.CheckIntake(i, a.people)...) {
		for _, p := range places {
			if f.Place == p || strings.HasPrefix(f.Place, p+".") || strings.HasPrefix(f.Place, p+"[") {
				a.fault(line, "%s", strings.TrimPrefix(f.String(), "$."))
				break
			}
		}
	}
}

// intakeOf is what an adopted vendor shares with an intake.
func intakeOf(v dossier.AdoptedVendor) playbook.Intake {
	return playbook.Intake{ID: v.ID, Vendor: v.Vendor, Playbook: v.Playbook, Reason: v.Reason, Data: v.Data, Systems: v.Systems, YearlyCost: v.YearlyCost,
		Owner: v.Owner, Deputy: v.Deputy, Sponsor: v.Sponsor, Rehearsal: v.Rehearsal}
}

// gaps are what a vendor who works lacks.
func (a *adopting) gaps(in adoptRow, i playbook.Intake) []string {
	known := func(name string) dossier.AdoptedFact {
		at := slices.IndexFunc(in.Facts, func(f dossier.AdoptedFact) bool { return f.Name == name })
		if at < 0 {
			return dossier.AdoptedFact{}
		}
		return in.Facts[at]
	}
	var gaps []string
	switch c := known("contract"); {
	case c.Until.IsZero():
		gaps = append(gaps, workflows.GapContract)
	case !in.noticed:
		gaps = append(gaps, workflows.GapNotice)
	}
	_, collects := playbook.CollectionOf(a.rules.Steps, playbook.TierFor(a.rules.Tiers, i.Facts()))
	unneeded := !collects || len(i.Data) > 0 && !a.rules.DPAWhen.Holds(i.Facts())
	if known("dpa").Name == "" && !unneeded {
		gaps = append(gaps, workflows.GapDPA)
	}
	if known("exit-plan").File == "" {
		gaps = append(gaps, workflows.GapExitPlan)
	}
	if len(i.Vendor.Contacts) == 0 {
		gaps = append(gaps, workflows.GapContacts)
	}
	return gaps
}

// adoptID makes adopting idempotent: the same row of the same vendor has the same id.
func adoptID(v dossier.AdoptedVendor) string {
	v.ID, v.Rehearsal = "", false
	packed, err := json.Marshal(v)
	if err != nil { // its fields are plain
		return ""
	}
	sum := sha256.Sum256(packed)
	return "adopt-" + hex.EncodeToString(sum[:12])
}

// place finds out which case the row belongs to, and whether it knows anything new.
func (a *adopting) place(ctx context.Context, row *dossier.AdoptedRow) error {
	row.Does = dossier.AdoptOpens
	_, filed, err := a.desk.store.AnswerLine(ctx, row.ID)
	if err != nil {
		return fmt.Errorf("looking whether a row was adopted: %w", err)
	}
	for i := range a.views {
		v := &a.views[i]
		if v.Vendor != row.Vendor.Slug || v.State != dossier.Running {
			continue
		}
		switch {
		case strings.HasPrefix(v.ID, workflows.OversightPrefix(v.Vendor)+"/"):
			row.Case, row.Does = v.ID, dossier.AdoptNothing
			if adopted := v.Predecessor == ""; adopted && !filed && len(a.news(row, v)) > 0 {
				row.Does = dossier.AdoptAdds
			}
			return nil
		case strings.HasPrefix(v.ID, workflows.OnboardingPrefix(v.Vendor)+"/"):
			row.Case = v.ID
			a.fault(row.Line, "%s is being taken on board in %s: it is watched once it is live", v.Vendor, v.ID)
			return nil
		}
	}
	if filed { // opened a moment ago, or over
		row.Does = dossier.AdoptNothing
	}
	return nil
}

// expiriesOf are what is watched of a row; their ids are the process's, whose own part
// is put before them.
func expiriesOf(v dossier.AdoptedVendor, process string) []engagement.Expiry {
	var all []engagement.Expiry
	for _, f := range v.Facts {
		if f.Until.IsZero() {
			continue
		}
		all = append(all, engagement.Expiry{ID: process + ":" + f.Name, Kind: f.Kind, Name: f.Name, On: f.Until, Document: f.Document, Process: process,
			NoticeDays: f.NoticeDays, Renews: f.Renews, Unreviewed: true})
	}
	return all
}

// news are what a row knows that a running oversight doesn't.
func (a *adopting) news(row *dossier.AdoptedRow, v *dossier.CaseView) []engagement.Expiry {
	return slices.DeleteFunc(expiriesOf(row.AdoptedVendor, v.ID), func(e engagement.Expiry) bool {
		i := slices.IndexFunc(v.Watched, func(w dossier.WatchView) bool { return w.ID == e.ID })
		return i >= 0 && !e.Supersedes(v.Watched[i].Expiry)
	})
}

// do does what was said of a row.
func (a *adopting) do(ctx context.Context, row *dossier.AdoptedRow) error {
	switch row.Does {
	case dossier.AdoptOpens:
		in, err := a.oversight(ctx, row.AdoptedVendor)
		if err != nil {
			return err
		}
		row.Case, err = a.desk.start(ctx, intakeOf(row.AdoptedVendor), oversightOf(in))
		return err
	case dossier.AdoptAdds:
		return a.tell(ctx, row)
	}
	return nil
}

// tell files what a row says with a running oversight, and tells that one its dates.
// The filing comes last: until then the same row is told again, which changes nothing.
func (a *adopting) tell(ctx context.Context, row *dossier.AdoptedRow) error {
	i := slices.IndexFunc(a.views, func(v dossier.CaseView) bool { return v.ID == row.Case })
	paper, _, err := a.desk.fileIntake(ctx, row.AdoptedVendor, a.text)
	if err != nil {
		return err
	}
	err = a.desk.engine.SignalWorkflow(ctx, row.Case, "", workflows.SignalNews, workflows.News{Expiries: a.news(row, &a.views[i])})
	if err != nil {
		return fmt.Errorf("telling an oversight what a file knows: %w", errors.Join(BusyError{}, err))
	}
	now := a.desk.now().UTC()
	entry := dossier.Entry{ID: row.Case + "#desk/" + row.ID, Case: row.Case, Process: row.Case, Kind: dossier.DocumentFiled, At: now, CaseAt: a.views[i].Now(now),
		Actor: a.who.ID, Answer: row.ID, Detail: &dossier.Detail{Name: "adopted", Document: paper.Digest, Size: paper.Size, Media: paper.Media}}
	err = a.desk.store.Append(ctx, []dossier.Entry{entry})
	if err != nil {
		return fmt.Errorf("filing what a file knows: %w", err)
	}
	return nil
}

// document is the digest of a fact's document, empty where there is none.
func document(v dossier.AdoptedVendor, name string) string {
	for _, f := range v.Facts {
		if f.Name == name {
			return f.Document
		}
	}
	return ""
}
