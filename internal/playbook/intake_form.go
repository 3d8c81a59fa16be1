package playbook

// FieldKind is how a field of an intake form is filled.
type FieldKind string

// Kinds of fields.
const (
	LineField   FieldKind = "line"
	TextField   FieldKind = "text" // several lines
	NumberField FieldKind = "number"
	ChoiceField FieldKind = "choice" // one of Options
	ManyField   FieldKind = "many"   // any of Options; without Options: words, separated by commas
	PersonField FieldKind = "person" // one of the client's own people
)

// IntakeField is one thing that an intake form asks.
type IntakeField struct {
	// Name is the field's place in an intake: vendor.name, yearlyCost.
	Name     string    `json:"name"`
	Label    string    `json:"label"`
	Hint     string    `json:"hint,omitempty"`
	Kind     FieldKind `json:"kind"`
	Options  []string  `json:"options,omitempty"`
	Required bool      `json:"required,omitempty"`
	// Needed says for which tiers a whole onboarding needs it, where it is not all of
	// them; a part alone needs it for none.
	Needed string `json:"needed,omitempty"`
	// Most is how many characters it may have; 0: the channel's own bound.
	Most int `json:"most,omitempty"`
}

// IntakeForm is what a playbook asks of whoever wants a vendor, for channels that
// show it as a form of their own.
type IntakeForm struct {
	Playbook string        `json:"playbook"`
	Others   []string      `json:"others,omitempty"` // names of the other playbooks
	Fields   []IntakeField `json:"fields"`
}
