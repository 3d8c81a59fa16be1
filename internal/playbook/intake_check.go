package playbook

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/engagement"
)

// Check returns every fault of the intake that shows without a playbook and
// people, ordered by place ("$.vendor.name"); nil when there is none.
func (i Intake) Check() []Fault {
	var f faults
	for _, err := range i.Vendor.Check() {
		field, message, found := strings.Cut(err.Error(), ": ")
		if !found {
			field, message = "", err.Error()
		}
		if sub, rest, nested := strings.Cut(message, ": "); nested && strings.HasPrefix(field, "contacts[") && isID(sub) {
			field, message = field+"."+sub, rest
		}
		f.add("$.vendor."+field, "", "%s", message)
	}
	if strings.TrimSpace(i.Reason) == "" {
		f.add("$.reason", "say in your own words why this vendor is wanted", "the reason is missing")
	}
	f.checkText("$.reason", "the reason", i.Reason)
	f.checkText("$.alternative", "the alternative", i.Alternative)
	f.checkText("$.summary", "the summary", i.Summary)
	for j, s := range i.Success {
		f.checkText(fmt.Sprintf("$.success[%d]", j), "the measure of success", s)
	}
	if i.YearlyCost < 0 {
		f.add("$.yearlyCost", "", "a cost cannot be below zero")
	}
	if i.BaselineCost != nil && *i.BaselineCost < 0 {
		f.add("$.baselineCost", "", "a cost cannot be below zero")
	}
	f.checkInterest(i)
	if i.Currency != "" && (len(i.Currency) != 3 || strings.Trim(i.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		f.add("$.currency", "three capitals as in GBP", "%s is no currency", shown(i.Currency))
	}
	f.checkWords("$.data", "data category", i.Data)
	f.checkWords("$.systems", "system", i.Systems)
	if i.Playbook != "" {
		f.checkID("$.playbook", "the playbook's name", i.Playbook)
	}
	f.checkID("$.owner", "the case's owner", i.Owner)
	if i.Deputy != "" {
		f.checkID("$.deputy", "the deputy", i.Deputy)
	}
	if i.Sponsor != "" {
		f.checkID("$.sponsor", "the sponsor", i.Sponsor)
	}
	if i.Owner != "" && i.Owner == i.Deputy {
		f.add("$.deputy", "name somebody else", "the deputy is the owner")
	}
	return sorted(f)
}

// checkInterest checks what the requester says of an interest of their own.
func (f *faults) checkInterest(i Intake) {
	f.checkText("$.whichInterest", "the interest", i.WhichInterest)
	switch {
	case i.Interest != "" && i.Interest != engagement.Yes && i.Interest != engagement.No:
		f.add("$.interest", "yes or no", "%s says neither", shown(i.Interest))
	case i.Interest == engagement.Yes && strings.TrimSpace(i.WhichInterest) == "":
		f.add("$.whichInterest", "a family tie, a share, a job before or to come", "an interest is declared, but not which")
	case i.Interest != engagement.Yes && i.WhichInterest != "":
		f.add("$.interest", "say yes, or leave the words out", "an interest is described that nobody declares")
	}
}

// CheckIntake returns the faults of an intake against the playbook and the
// people it would run with: unknown data categories, and people who are unknown,
// left, or work for the vendor.
func (p Playbook) CheckIntake(i Intake, people []Person) []Fault {
	var f faults
	f.checkKnown("$.data", "data category", i.Data, p.Data)
	if i.Alone == "" {
		p.checkNeeds(&f, i)
		p.checkDeclared(&f, i)
	}
	r := newRoster(people)
	vendor := i.VendorSlug()
	for _, x := range []struct{ place, what, id string }{
		{"$.owner", "owner", i.Owner}, {"$.deputy", "deputy", i.Deputy}, {"$.sponsor", "sponsor", i.Sponsor},
	} {
		if x.id == "" {
			continue
		}
		j, known := r.first[x.id]
		switch {
		case !known:
			f.add(x.place, meant(x.id, r.near()), "unknown person %s as %s", shown(x.id), x.what)
		case people[j].Left:
			f.add(x.place, "", "%s, the %s, is no longer with us", shown(x.id), x.what)
		case slices.Contains(people[j].Roles, AuditorRole):
			f.add(x.place, "name somebody who may act", "%s, the %s, is an auditor", shown(x.id), x.what)
		case people[j].Employer != "" && people[j].Employer == vendor:
			f.add(x.place, "name one of your own people", "%s, the %s, works for the vendor", shown(x.id), x.what)
		case people[j].Employer != "":
			f.add(x.place, "name one of your own people", "%s, the %s, works for another vendor", shown(x.id), x.what)
		}
	}
	return sorted(f)
}

// VendorSlug is the slug by which the case names the vendor: the one given, else
// made from the name; empty where that cannot be done (Check says so).
func (i Intake) VendorSlug() string {
	if i.Vendor.Slug != "" {
		return i.Vendor.Slug
	}
	slug, err := engagement.Slug(i.Vendor.Name)
	if err != nil {
		return ""
	}
	return slug
}

// needed are the fields of an intake that a tier may ask for. What every intake says
// is not among them.
func needed() []string {
	return []string{"alternative", "success", "summary", FieldCost, "baselineCost", "deputy", "sponsor", "vendor.country", "vendor.contacts"}
}

// lacks reports whether an intake says nothing in a field that can be asked for.
func (i Intake) lacks(field string) bool {
	switch field {
	case "alternative":
		return strings.TrimSpace(i.Alternative) == ""
	case "success":
		return len(i.Success) == 0
	case "summary":
		return strings.TrimSpace(i.Summary) == ""
	case FieldCost:
		return i.YearlyCost == 0
	case "baselineCost":
		return i.BaselineCost == nil
	case "deputy":
		return i.Deputy == ""
	case "sponsor":
		return i.Sponsor == ""
	case "vendor.country":
		return i.Vendor.Country == ""
	case "vendor.contacts":
		return len(i.Vendor.Contacts) == 0
	}
	return false
}

// checkNeeds wants what an engagement of the intake's tier must say.
func (p Playbook) checkNeeds(f *faults, i Intake) {
	tier := TierFor(p.Tiers, i.Facts())
	for _, field := range p.needs(tier) {
		if i.lacks(field) {
			f.add("$."+field, "say it in the intake", "a vendor of %s needs it: %s is missing", tier, fieldWords(field))
		}
	}
}

// needs are the fields that some rule of the tier asks for.
func (p Playbook) needs(tier engagement.Tier) []string {
	var fields []string
	for _, field := range needed() {
		if slices.ContainsFunc(p.Tiers, func(r TierRule) bool { return r.Tier == tier && slices.Contains(r.Needs, field) }) {
			fields = append(fields, field)
		}
	}
	return fields
}

// fieldWords is a field as people call it.
func fieldWords(field string) string {
	switch field {
	case "alternative":
		return "which way of doing it ourselves was considered"
	case "success":
		return "how to know that it worked"
	case "summary":
		return "the summary in plain words"
	case FieldCost:
		return "the cost a year"
	case "baselineCost":
		return "what it costs today"
	case "deputy", "sponsor":
		return "the " + field
	case "vendor.country":
		return "the vendor's country"
	}
	return "whom to write to at the vendor"
}

// checkDeclared wants to know of the requester's own interests where the playbook asks
// everybody; who has one owns no case with the vendor.
func (p Playbook) checkDeclared(f *faults, i Intake) {
	if p.Declaration == "" {
		return
	}
	if i.Interest == "" {
		f.add("$.interest", "yes or no: "+p.Attestation(p.Declaration), "whoever asks for a vendor says first whether they have an interest of their own in it")
	}
	if i.Interest != engagement.Yes {
		return
	}
	for _, x := range []struct{ place, what, id string }{{"$.owner", "own", i.Owner}, {"$.deputy", "stand in for the owner of", i.Deputy}, {"$.sponsor", "sponsor", i.Sponsor}} {
		if x.id != "" && x.id == i.From.ID {
			f.add(x.place, "name somebody who has no interest of their own", "whoever declares an interest does not %s the case", x.what)
		}
	}
}
