package engagement

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Acme Payroll Ltd.":             "acme-payroll-ltd",
		"  Café — Zürich & Söhne ":      "cafe-zurich-sohne",
		"Øresund Straße":                "oresund-strasse",
		"ŁÓDŹ Æther 3000":               "lodz-aether-3000",
		"Acme's":                        "acmes",
		"<script>alert(1)</script>":     "script-alert-1-script",
		"e\u0301clair":                  "eclair",
		"3M":                            "3m",
		strings.Repeat("abcdefghi ", 9): "abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi",
		strings.Repeat("a", 30) + " " + strings.Repeat("b", 29) + " c": strings.Repeat("a", 30) + "-" + strings.Repeat("b", 29),
		strings.Repeat("a", 99): strings.Repeat("a", 60),
	} {
		got, err := Slug(name)
		if err != nil || got != want {
			t.Errorf("Slug(%q) = %q, %v; want %q", name, got, err, want)
		}
		if CheckSlug(got) != nil {
			t.Errorf("Slug(%q) = %q, which is no slug: %v", name, got, CheckSlug(got))
		}
	}
	for _, name := range []string{"", "株式会社", "Ромашка", "…", "a", "12", "\xff"} {
		if got, err := Slug(name); err == nil || !strings.Contains(err.Error(), "give a slug") {
			t.Errorf("Slug(%q) = %q, %v; want an error that asks for a slug", name, got, err)
		}
	}
	for _, slug := range []string{"", "a", "A-b", "a--b", "-ab", "ab-", "a b", "é1", strings.Repeat("a", 61), "a/b"} {
		if CheckSlug(slug) == nil {
			t.Errorf("CheckSlug(%q) finds nothing", slug)
		}
	}
}

func TestFoldLatinGivesAsciiOrNothing(t *testing.T) {
	t.Parallel()
	for r := rune(0); r < 0x3000; r++ {
		for _, b := range []byte(foldLatin(r)) {
			if b < 'a' || b > 'z' {
				t.Errorf("foldLatin(%U) = %q", r, foldLatin(r))
			}
		}
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Acme", "株式会社", "<script>alert(1)</script>", "O'Brien & Søn", "שלום", strings.Repeat("é", MaxName), "👩‍💻 Ltd", "\ufffd"} {
		if err := CheckName(name); err != nil {
			t.Errorf("CheckName(%q): %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"":                               "nothing is written",
		" \u00a0\u200b":                  "nothing is written",
		"Acme\x00":                       "U+0000 at place 5 is a control character",
		"Ac\nme":                         "U+000A at place 3",
		"é\u202eemca":                    "U+202E at place 2 is a mark that turns the direction",
		"a\u2066b":                       "U+2066",
		"a\u2069b":                       "U+2069",
		"a\u200eb":                       "U+200E",
		"a\u200fb":                       "U+200F",
		"a\u061cb":                       "U+061C",
		"a\u2028b":                       "separator",
		"a\u2029b":                       "separator",
		"a\u0085b":                       "control",
		"a\xffb":                         "0xff at place 2 is not UTF-8",
		strings.Repeat("a", MaxName+1):   "201 characters are more than 200",
		strings.Repeat("letter ", 10000): "more than 200",
	} {
		if err := CheckName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckName(%q): %v; want %q", head(name, 30), err, want)
		}
	}
}

func TestVendorCheckReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	good := Vendor{
		Name: "Acme Payroll Ltd.", Service: "payroll for 40 people", Country: "DE", Website: "https://acme.example/start",
		Contacts: []Contact{{Name: "Ann", Mail: "ann@acme.example", Role: "sales"}, {Name: "Bo", Phone: "+49 30 1234-56"}},
	}
	if faults := good.Check(); faults != nil {
		t.Errorf("a good vendor has faults: %v", faults)
	}
	bad := Vendor{
		Name: "a\u202eb", Slug: "A B", Country: "Germany", Website: "acme.example",
		Contacts: []Contact{{Name: ""}, {Name: "Bo", Mail: "bo at acme", Phone: "call me", Role: "x\ny"}},
	}
	faults := bad.Check()
	for _, want := range []string{"name: ", "slug: ", "service: ", "country: \"Germany\"", "website: ", "contacts[0]: name: ", "contacts[0]: mail: neither",
		"contacts[1]: mail: ", "contacts[1]: phone: ", "contacts[1]: role: "} {
		found := false
		for _, fault := range faults {
			found = found || strings.HasPrefix(fault.Error(), want)
		}
		if !found {
			t.Errorf("no fault begins with %q: %v", want, faults)
		}
	}
	if len(faults) != 10 {
		t.Errorf("%d faults, want 10: %v", len(faults), faults)
	}
	if faults := (Vendor{Name: "株式会社", Service: "x"}).Check(); len(faults) != 1 || !strings.Contains(faults[0].Error(), "slug: ") {
		t.Errorf("a name without Latin letters asks for a slug, got %v", faults)
	}
	if faults := (Vendor{Name: "Acme", Service: "x", Contacts: make([]Contact, 5000)}).Check(); len(faults) != 1 {
		t.Errorf("%d faults for too many contacts, want one", len(faults))
	}
}

func TestVendorFieldsRefuseWhatIsNotThem(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"javascript:alert(1)", "https://", "http://a b", "https://a\"b", "https://a\u202eb", "https://" + strings.Repeat("a", 600)} {
		if checkWebsite(address) == nil {
			t.Errorf("checkWebsite(%q) finds nothing", address)
		}
	}
	for _, address := range []string{"a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "<a@b>", "a\n@b", strings.Repeat("a", 300) + "@b"} {
		if checkMail(address) == nil {
			t.Errorf("checkMail(%q) finds nothing", address)
		}
	}
	for _, number := range []string{"1", "abc", strings.Repeat("1", 21), "12\n34"} {
		if CheckPhone(number) == nil {
			t.Errorf("CheckPhone(%q) finds nothing", number)
		}
	}
	if err := checkWebsite(strings.Repeat("\u202e", 300)); strings.ContainsRune(err.Error(), '\u202e') {
		t.Errorf("the error repeats a mark that turns the text: %v", err)
	}
}

func TestTier(t *testing.T) {
	t.Parallel()
	for tier := TierOpen; tier <= TierLast; tier++ {
		if got, err := ParseTier(tier.String()); err != nil || got != tier {
			t.Errorf("ParseTier(%q) = %v, %v", tier.String(), got, err)
		}
		text, err := json.Marshal(map[string]Tier{"tier": tier})
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]Tier
		if err := json.Unmarshal(text, &back); err != nil || back["tier"] != tier {
			t.Errorf("%s comes back as %v, %v", text, back, err)
		}
	}
	if got, err := ParseTier(" Tier 3 "); err != nil || got != 3 {
		t.Errorf("ParseTier(Tier 3) = %v, %v", got, err)
	}
	for _, text := range []string{"0", "5", "-1", "one", "1.5", "tier", "11"} {
		if got, err := ParseTier(text); err == nil {
			t.Errorf("ParseTier(%q) = %v, want an error", text, got)
		}
		tier := Tier(2)
		if tier.UnmarshalText([]byte(text)) == nil || tier != 2 {
			t.Errorf("UnmarshalText(%q) leaves %v", text, tier)
		}
	}
	if _, err := Tier(7).MarshalText(); err == nil || Tier(7).Valid() || TierOpen.Valid() {
		t.Error("tier 7 counts as a tier")
	}
	if got := Tier(7).String(); !strings.Contains(got, "no such tier") {
		t.Errorf("Tier(7) is called %q", got)
	}
}
