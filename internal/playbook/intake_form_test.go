package playbook

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

func asking() Playbook {
	return Playbook{Name: "standard", Data: []string{"none", "personal"}, Tiers: []TierRule{
		{Tier: 1, When: Condition{Systems: []string{"erp"}}}, {Tier: 2, When: Condition{Systems: []string{"crm", "erp"}}}}}
}

func TestIntakeForm(t *testing.T) {
	t.Parallel()
	f := asking().IntakeForm()
	if f.Playbook != "standard" {
		t.Errorf("the form is of %q", f.Playbook)
	}
	var names, required []string
	for _, x := range f.Fields {
		if slices.Contains(names, x.Name) || x.Label == "" {
			t.Errorf("%s is there twice, or has no label", x.Name)
		}
		names = append(names, x.Name)
		if x.Required {
			required = append(required, x.Name)
		}
	}
	if d := cmp.Diff([]string{"vendor.name", "vendor.service", "reason"}, required); d != "" {
		t.Errorf("what is needed (-want +got):\n%s", d)
	}
	data := f.Fields[slices.Index(names, "data")]
	if d := cmp.Diff([]string{"none", "personal"}, data.Options); d != "" {
		t.Errorf("the data (-want +got):\n%s", d)
	}
	if hint := f.Fields[slices.Index(names, "systems")].Hint; !strings.Contains(hint, "crm, erp.") {
		t.Errorf("the systems are told as %q", hint)
	}
	if f := (Playbook{}).IntakeForm(); slices.ContainsFunc(f.Fields, func(x IntakeField) bool { return x.Name == "data" }) {
		t.Error("a playbook without data asks for them")
	}
}

func TestIntakeOfAForm(t *testing.T) {
	t.Parallel()
	got, faults := asking().IntakeForm().Intake(map[string][]string{
		"vendor.name": {" Brightwell Payroll "}, "vendor.service": {"payroll"}, "vendor.country": {"gb"}, "vendor.website": {"brightwell.example"},
		"vendor.contacts": {"Sam Field, sam@brightwell.example\r\n\r\nDr. Jo van Os <jo@brightwell.example> +44 20 7946 0000"},
		"reason":          {"we grow\r\nfast"}, "alternative": {""}, "success": {"on time\n\n fewer faults \n"}, "yearlyCost": {"48,000"}, "currency": {"gbp"},
		"data": {"personal"}, "systems": {"ERP, hr-files,,erp"}, "deputy": {"tom"}, "sponsor": nil,
	})
	want := Intake{Playbook: "standard", Vendor: engagement.Vendor{Name: "Brightwell Payroll", Service: "payroll", Country: "GB", Website: "https://brightwell.example",
		Contacts: []engagement.Contact{{Name: "Sam Field", Mail: "sam@brightwell.example"}, {Name: "Dr. Jo van Os", Mail: "jo@brightwell.example", Phone: "+44 20 7946 0000"}}},
		Reason: "we grow\nfast", Success: []string{"on time", "fewer faults"}, YearlyCost: 48000, Currency: "GBP",
		Data: []string{"personal"}, Systems: []string{"erp", "hr-files"}, Deputy: "tom"}
	if d := cmp.Diff(want, got); d != "" || faults != nil {
		t.Errorf("%v (-want +got):\n%s", faults, d)
	}
	got.Owner = "maya"
	if faults := got.Check(); faults != nil {
		t.Errorf("the intake has faults: %v", faults)
	}
}

func TestFaultsOfAForm(t *testing.T) {
	t.Parallel()
	full := map[string][]string{"vendor.name": {"Acme"}, "vendor.service": {"s"}, "reason": {"r"}}
	for _, c := range []struct {
		field string
		value []string
		want  string
	}{
		{"vendor.name", nil, "needed"},
		{"vendor.name", []string{" \t "}, "needed"},
		{"vendor.name", []string{"a", "b"}, "2 values"},
		{"vendor.name", []string{"\u202eacme"}, "U+202E"},
		{"vendor.name", []string{"???"}, ""},
		{"vendor.service", []string{strings.Repeat("s", 501)}, "more than 500"},
		{"vendor.country", []string{"Germany"}, "country code"},
		{"vendor.website", []string{"javascript:alert(1)"}, "https://"},
		{"vendor.contacts", []string{"sam@acme.example"}, "no name and mail address"},
		{"vendor.contacts", []string{"Sam Field"}, "no name and mail address"},
		{"vendor.contacts", []string{"Sam @"}, ""},
		{"vendor.contacts", []string{"Sam, sam@acme.example, ring me"}, ""},
		{"reason", []string{""}, "needed"},
		{"reason", []string{strings.Repeat("r", mostText+1)}, "more than"},
		{"success", []string{"fine\n\u202e"}, "U+202E"},
		{"yearlyCost", []string{"48,5"}, "no whole number"},
		{"yearlyCost", []string{"-1"}, "no whole number"},
		{"yearlyCost", []string{"99999999999999999999"}, "no whole number"},
		{"currency", []string{"pounds"}, "no currency"},
		{"data", []string{"secret"}, "none of the choices"},
		{"systems", []string{"my system"}, "cannot be"},
		{"deputy", []string{"Tom Riddle"}, "cannot be"},
		{"owner", []string{"a", "b"}, "2 values"},
		{"rehearsal", []string{"true"}, "no field"},
	} {
		values := map[string][]string{}
		for k, v := range full {
			values[k] = v
		}
		values[c.field] = c.value
		_, faults := asking().IntakeForm().Intake(values)
		if len(faults) != 1 || faults[0].Place != c.field || !strings.Contains(faults[0].Message, c.want) {
			t.Errorf("%s %.30q: %v, want one that says %q", c.field, c.value, faults, c.want)
		}
	}
	if _, faults := asking().IntakeForm().Intake(nil); len(faults) != 3 {
		t.Errorf("an empty form: %v", faults)
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0": 0, "48000": 48000, "48,000": 48000, "48.000": 48000, "1 000 000": 1000000, "1'000": 1000, "48\u202f000": 48000,
		"": 0, "48,5": -1, "48000.50": -1, ",000": -1, "1,0000": -1, "1,000.000": -1, "1e3": -1, "٣": -1, "+5": -1, "1234,000": -1} {
		if n, ok := whole(text); ok && n != want || !ok && want >= 0 && text != "" {
			t.Errorf("%q is %d, %v", text, n, ok)
		}
	}
}

// TestAFormIsReadWholeOrNamesItsFaults: what has no fault is an intake that
// passes its own check, and each fault is beside a field that was filled in or
// asked for.
func TestAFormIsReadWholeOrNamesItsFaults(t *testing.T) {
	t.Parallel()
	f := asking().IntakeForm()
	rapid.Check(t, func(t *rapid.T) {
		values := map[string][]string{}
		for _, x := range f.Fields {
			values[x.Name] = rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{1,6}`), rapid.SampledFrom([]string{"GB", "GBP", "48000", "personal"})), 0, 2).Draw(t, x.Name)
		}
		if rapid.Bool().Draw(t, "stranger") {
			values[rapid.String().Draw(t, "name")] = []string{"x"}
		}
		i, faults := f.Intake(values)
		for n, fault := range faults {
			_, asked := values[fault.Place]
			if fault.Message == "" || !asked || slices.ContainsFunc(faults[:n], func(o Fault) bool { return o.Place == fault.Place }) {
				t.Fatalf("a fault beside no field, or two beside one: %v", faults)
			}
		}
		if i.Owner == "" {
			i.Owner = "whoever"
		}
		if len(faults) == 0 && i.Check() != nil {
			t.Fatalf("nothing was wrong with the form, but %v", i.Check())
		}
	})
}
