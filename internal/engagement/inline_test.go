package engagement

import (
	"strings"
	"testing"
)

func TestPlainKeepsWordsAndDropsMarkup(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`<span class="a" id='>'>Fees</span> are due`: "Fees are due",
		"<span\nclass=\"a\">Fees</span>":             "Fees",
		"**Fees** are *due* __now__ and _here_":      "Fees are due now and here",
		`*"GDPR"** means`:                            `"GDPR" means`,
		"**<b>If</b> there** are":                    "If there are",
		"“curly” ‘quotes’ and Customer’s":            `"curly" 'quotes' and Customer's`,
		"a &amp; b &lt;c&gt; &#42;d&#42; &nbsp; e":   "a & b <c> *d* e",
		"R&D and AT&T; so":                           "R&D and AT&T; so",
		"a\n  b\t c\u00a0d":                          "a b c d",
		"soft\u00adhyphen zero\u200bwidth":           "softhyphen zerowidth",
		"snake_case 2 * 3 5*3 ____ EUR":              "snake_case 2 * 3 5*3 ____ EUR",
		`\*not emphasis\* and 1\. no`:                "*not emphasis* and 1. no",
		"pay <Customer Name> by <date>":              "pay <Customer Name> by <date>",
		"see <https://example.com/2.0/> now":         "see https://example.com/2.0/ now",
		"see [here](https://example.com/1)":          "see [here](https://example.com/1)",
		"a<br>b<br/>c<p>d":                           "a b c d",
		"no <s>not</s> ~~never~~ <del>nor</del>":     "no ~~not~~ ~~never~~ ~~nor~~",
		"unclosed <span and <b class=\"x":            "unclosed <span and <b class=\"x",
		"less < more > less":                         "less < more > less",
		"<!-- said aside -->":                        "<!-- said aside -->",
		"control &#1; &#0;":                          "control \ufffd \ufffd",
	} {
		if got := plain(raw); got != want {
			t.Errorf("plain(%q)\n got %q\nwant %q", raw, got, want)
		}
		if again := plain(want); !strings.ContainsAny(want, "<*\\") && again != want {
			t.Errorf("plain(%q) is not at rest: %q", want, again)
		}
	}
}

// What changes the meaning has to change the words.
func TestPlainTellsApartWhatDiffers(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"30 days", "60 days"}, {"EUR 5*3", "EUR 53"}, {"no refund", "no <del>refund</del>"}, {"A-B", "A B"}, {"non compete", "noncompete"},
		{"[terms](https://a.example)", "[terms](https://b.example)"}, {"a;b", "a,b"}, {"Provider", "provider"}, {"a<br>b", "ab"},
	} {
		if plain(c[0]) == plain(c[1]) {
			t.Errorf("%q and %q count as the same", c[0], c[1])
		}
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	const base = "1. One\n    1. Sub\n    2. Sub\n        a. Leaf\n        b. Leaf\n2. Two\n3. Three\n4. Four\n5. Five\n\n6. "
	for text, want := range map[string]string{
		"Section 1.2(a) applies":                            "1.2.a",
		"section 1.2.b applies":                             "1.2.b",
		"Section 1.1(c) is inline":                          "1.1",
		"Sections 2 (Two & More), 3 and 4 apply":            "2 3 4",
		"Sections 2 to 4 apply":                             "2 3 4",
		"Sections 2, Section 5 and the 3 others":            "2 5",
		"Article IV applies":                                "4",
		"§ 3 und §§ 4, 5":                                   "3 4 5",
		"Clause 9 of another agreement, FAR section 12.212": "",
		"this Section 6 and no other":                       "",
		"intersection 3 of roads":                           "",
		"Section 1":                                         "1",
		"a section 3 of":                                    "3",
		"Section (Title)":                                   "",
	} {
		cs := split(t, base+text)
		if got := strings.Join(find(t, cs, "6").Uses, " "); got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
	cs := split(t, "1. One\n    a. Leaf\n    b. See paragraph (a) above")
	if got := find(t, cs, "1.b").Uses; len(got) != 1 || got[0] != "1.a" {
		t.Errorf("paragraph (a) inside 1.b means %v, want 1.a", got)
	}
	annex := split(t, "1. Main\n2. Main\n# Annex A\n1. First\n2. See Section 1")
	if got := find(t, annex, "annex-a.2").Uses; len(got) != 1 || got[0] != "annex-a.1" {
		t.Errorf("Section 1 inside the annex means %v, want annex-a.1", got)
	}
}

func TestTermsInUse(t *testing.T) {
	t.Parallel()
	const base = "1. \"Affiliate\" means a.\n2. \"Applicable Laws\" means b.\n3. \"Applicable Data Laws\" means c.\n4. \"business day\" means d.\n" +
		"5. \"EEA\" or \"European Area\" means e.\n6. We pay the sum (the \"Charge\") (MNDA).\n7. \"Party\" means f.\n8. "
	for text, want := range map[string]string{
		"the Affiliate pays":          "def/affiliate",
		"Affiliates' and Affiliate’s": "def/affiliate",
		"AFFILIATES PAY":              "def/affiliate",
		"we affiliate with them":      "",
		"Applicable Laws":             "def/applicable-laws",
		"Applicable Data Laws":        "def/applicable-data-laws",
		"each Business Day":           "def/business-day",
		"European Area or EEA":        "def/eea",
		"pay the Charges":             "6",
		"non-Affiliates":              "def/affiliate",
		"the Parties":                 "def/party",
		"nothing":                     "",
	} {
		cs := split(t, base+text)
		if got := strings.Join(find(t, cs, "8").Uses, " "); got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
	cs := split(t, "1. Pay (the \"Fee\").\n2. \"Fee\" means a.\n3. The Fee is due.")
	if got := strings.Join(find(t, cs, "3").Uses, " "); got != "def/fee" {
		t.Errorf("a term with a definition of its own leads to %s, want def/fee", got)
	}
}
