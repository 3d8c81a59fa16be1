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

// CheckIntake returns the faults of an intake against the playbook and the
// people it would run with: unknown data categories, and people who are unknown,
// left, or work for the vendor.
func (p Playbook) CheckIntake(i Intake, people []Person) []Fault {
	var f faults
	f.checkKnown("$.data", "data category", i.Data, p.Data)
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
