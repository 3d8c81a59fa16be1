package playbook

import (
	"slices"
	"strings"

	"gangway/internal/engagement"
)

// IntakeForm is what the playbook asks of whoever wants a vendor: what every
// intake has to say, and the data and systems that its tier rules look at.
func (p Playbook) IntakeForm() IntakeForm {
	fields := []IntakeField{
		{Name: "vendor.name", Label: "Vendor", Hint: "The name that its contract will have.", Kind: LineField, Required: true, Most: engagement.MaxName},
		{Name: "vendor.service", Label: "Service", Hint: "What the vendor would do for you, in a line.", Kind: LineField, Required: true, Most: 500},
		{Name: "vendor.country", Label: "Country", Hint: "Its two letters, such as DE.", Kind: LineField, Most: 2},
		{Name: "vendor.website", Label: "Website", Kind: LineField, Most: 500},
		{Name: "vendor.contacts", Label: "Whom to write to at the vendor", Hint: "One a line: name, mail address. They get links and no account.", Kind: TextField, Most: mostText},
		{Name: "reason", Label: "Why is this vendor wanted?", Kind: TextField, Required: true, Most: mostText},
		{Name: "alternative", Label: "Which way of doing it yourselves was considered?", Kind: TextField, Most: mostText},
		{Name: "success", Label: "How will you know that it worked?", Hint: "One measure a line.", Kind: TextField, Most: mostText},
		{Name: "summary", Label: "What is it about, in two sentences?", Hint: "In plain words: everybody who is asked sees them.", Kind: TextField, Most: 500},
		{Name: FieldCost, Label: "Cost a year", Hint: "A whole number.", Kind: NumberField, Most: 20},
		{Name: "baselineCost", Label: "What does it cost a year today?", Hint: "A whole number; 0 where nobody does it yet.", Kind: NumberField, Most: 20},
		{Name: "currency", Label: "Currency", Hint: "Three letters, such as GBP.", Kind: LineField, Most: 3},
	}
	if len(p.Data) > 0 {
		fields = append(fields, IntakeField{Name: FieldData, Label: "Which data does the vendor touch?", Kind: ManyField, Options: slices.Clone(p.Data)})
	}
	if p.Declaration != "" {
		fields = append(fields,
			IntakeField{Name: "interest", Label: "Do you have an interest of your own in this vendor?", Kind: ChoiceField, Options: []string{engagement.No, engagement.Yes}, Required: true,
				Hint: "No says: " + p.Attestation(p.Declaration)},
			IntakeField{Name: "whichInterest", Label: "If so, which?", Kind: TextField, Most: mostText,
				Hint: "A family tie, a share, a job before or to come. Somebody else then owns the case."})
	}
	fields = append(fields, IntakeField{Name: FieldSystems, Label: "Which of your systems?", Hint: p.systemsHint(), Kind: ManyField, Most: mostText},
		IntakeField{Name: "owner", Label: "Who owns the case?", Hint: "You, unless you name somebody.", Kind: PersonField},
		IntakeField{Name: "deputy", Label: "Who stands in for the owner?", Kind: PersonField},
		IntakeField{Name: "sponsor", Label: "Who sponsors it?", Kind: PersonField})
	for i := range fields {
		p.mark(&fields[i])
	}
	return IntakeForm{Playbook: p.Name, Fields: fields}
}

// mark says of a field for which tiers it is needed; for all of them: always.
func (p Playbook) mark(field *IntakeField) {
	var words []string
	all := p.ruledTiers()
	for _, tier := range all {
		if slices.Contains(p.needs(tier), field.Name) {
			words = append(words, tier.String())
		}
	}
	switch {
	case len(words) == 0:
	case len(words) == len(all):
		field.Required = true
	default:
		field.Needed = "Needed for " + strings.Join(words, " and ") + "."
	}
}

// systemsHint names the systems that a tier rule looks at, so that they are
// written as the rules have them.
func (p Playbook) systemsHint() string {
	var named []string
	for _, r := range p.Tiers {
		named = append(named, r.When.Systems...)
	}
	slices.Sort(named)
	named = slices.Compact(named)
	if len(named) == 0 {
		return "Separated by commas, in lower-case letters."
	}
	return "Separated by commas. Those that matter here: " + strings.Join(named[:min(len(named), 8)], ", ") + "."
}

// Intake reads what was filled in, by the names of fields. Faults have the name
// of a field as their place; whatever needs the people or the deployment is for
// whoever opens the case to say. Without a fault the intake lacks an id, and an
// owner where none was named.
func (f IntakeForm) Intake(values map[string][]string) (Intake, []Fault) {
	r := formReading{form: f, values: values}
	r.strangers()
	i := Intake{Playbook: f.Playbook,
		Vendor: engagement.Vendor{Name: r.line("vendor.name"), Service: r.line("vendor.service"),
			Country: strings.ToUpper(r.line("vendor.country")), Website: website(r.line("vendor.website")), Contacts: r.contacts("vendor.contacts")},
		Reason: r.line("reason"), Alternative: r.line("alternative"), Success: r.lines("success"),
		Summary: r.line("summary"), Interest: r.line("interest"), WhichInterest: r.line("whichInterest"),
		YearlyCost: r.amount(FieldCost), BaselineCost: r.given("baselineCost"), Currency: strings.ToUpper(r.line("currency")),
		Data: r.many(FieldData), Systems: r.many(FieldSystems),
		Owner: r.line("owner"), Deputy: r.line("deputy"), Sponsor: r.line("sponsor"),
	}
	owned := i
	if owned.Owner == "" {
		owned.Owner = "owner" // whoever files it; who that is stands beside the form
		if owned.Deputy == owned.Owner {
			owned.Owner = "requester"
		}
	}
	for _, fault := range owned.Check() {
		r.fault(fieldAt(fault.Place), fault.Hint, "%s", fault.Message)
	}
	return i, sorted(r.found)
}

// fieldAt is the field of the form that a place in an intake belongs to.
func fieldAt(place string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(place, "$."), "[")
	if name == "vendor.slug" || name == "vendor." { // made of the name
		return "vendor.name"
	}
	return name
}
