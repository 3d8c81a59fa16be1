package desk

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

const adoptHead = "vendor,service,owner,sponsor,contract_file,contract_end,notice_days,renews,dpa_end,contacts,access,certificates,data,source\n"

// TestAFileOfVendorsIsRead: quotes, lists, a byte order mark and blanks as spreadsheets
// write them.
func TestAFileOfVendorsIsRead(t *testing.T) {
	t.Parallel()
	rows, faults := readAdopt("\ufeff" + adoptHead +
		`"Acme, Ltd", payroll,olga,rita,acme/contract.pdf,2027-12-31,90,yes,2027-02-28,"Ann Archer <ann@acme.example>; Bo <bo@acme.example>","ann's SFTP account until 2026-12-31","ISO 27001 until 2027-05-31; Cyber Essentials until 2026-09-30",personal; payment,"register of 2025, line 12"` + "\n" +
		"Beta,hosting,olga,,,,,,,,,,,told by olga\n")
	if len(faults) > 0 || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), faults)
	}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		ok(t, err)
		return d
	}
	v := rows[0].AdoptedVendor
	same(t, "facts", []dossier.AdoptedFact{
		{Name: "contract", Kind: engagement.ExpiryContract, Until: day("2027-12-31"), File: "acme/contract.pdf", NoticeDays: 90, Renews: true},
		{Name: "dpa", Kind: engagement.ExpiryDPA, Until: day("2027-02-28")},
		{Name: "access-1", Kind: engagement.ExpiryAccess, Words: "ann's SFTP account", Until: day("2026-12-31")},
		{Name: "certificate-1", Kind: engagement.ExpiryCertificate, Words: "ISO 27001", Until: day("2027-05-31")},
		{Name: "certificate-2", Kind: engagement.ExpiryCertificate, Words: "Cyber Essentials", Until: day("2026-09-30")},
	}, v.Facts)
	same(t, "vendor", []any{"Acme, Ltd", "payroll", "olga", "rita", "register of 2025, line 12", []string{"personal", "payment"}},
		[]any{v.Vendor.Name, v.Vendor.Service, v.Owner, v.Sponsor, v.Source, v.Data})
	same(t, "contacts", []engagement.Contact{{Name: "Ann Archer", Mail: "ann@acme.example"}, {Name: "Bo", Mail: "bo@acme.example"}}, v.Vendor.Contacts)
	same(t, "notice", []bool{true, false}, []bool{rows[0].noticed, rows[1].noticed})
	same(t, "lines", []int{2, 3}, []int{rows[0].line, rows[1].line})
	same(t, "a row that knows nothing", 0, len(rows[1].Facts))
}

// TestFaultsOfAFileOfVendors: each is named with its line and column.
func TestFaultsOfAFileOfVendors(t *testing.T) {
	t.Parallel()
	row := func(cells string) string { return "vendor,service,owner,source," + cells }
	for _, c := range []struct{ file, want string }{
		{"", "the file is empty"},
		{"vendor,service,owner,source\n", "names no vendor"},
		{"vendor,service,owner\nA,b,c\n", "line 1: the column source is missing"},
		{"vendor,service,owner,source,vendr\nA,b,c,d,e\n", "line 1: unknown column \"vendr\""},
		{"vendor,service,owner,source,Owner\nA,b,c,d,e\n", "the column owner stands there twice"},
		{"vendor,service,owner,source\nA,b,c\n", "line 2 has more or fewer cells"},
		{"vendor,service,owner,source\nA,b,\"c,d\n", "quotation mark"},
		{"vendor,service,owner,source\n\xff,b,c,d\n", "not UTF-8"},
		{"vendor,service,owner,source\nA,b,c,\n", "line 2, source: say where this was taken from"},
		{"vendor,service,owner,source\n\"A\nB\",b,c,d\n", "line 2, vendor: it holds a character that is not printed"},
		{row("contract_end\nA,b,c,d,31.12.2027\n"), "line 2, contract_end: \"31.12.2027\" is no day"},
		{row("contract_end\nA,b,c,d,2027-02-29\n"), "is no day"},
		{row("contract_end\nA,b,c,d,0027-02-28\n"), "is no day"},
		{row("notice_days\nA,b,c,d,three months\n"), "line 2, notice_days: \"three months\" is no whole number"},
		{row("notice_days\nA,b,c,d,-1\n"), "is no whole number from 0"},
		{row("renews\nA,b,c,d,maybe\n"), "line 2, renews: \"maybe\" is neither yes nor no"},
		{row("contacts\nA,b,c,d,ann@acme.example\n"), "is no contact"},
		{row("access\nA,b,c,d,everything\n"), "has no end"},
		{row("certificates\nA,b,c,d,ISO until tomorrow\n"), "\"tomorrow\" is no day"},
		{row("data\nA,b,c,d," + strings.Repeat("x;", 60) + "\n"), "60 entries are more than 50"},
		{row("data\nA,b,c,d," + strings.Repeat("x", mostCell+1) + "\n"), "bytes are more than"},
		{"vendor,service,owner,source\n" + strings.Repeat("A,b,c,d\n", mostAdopted+1), "more than 2000 vendors"},
		{strings.Repeat(" ", mostAdoptFile+1), "bytes, more than"},
	} {
		_, faults := readAdopt(c.file)
		found := false
		for _, f := range faults {
			found = found || strings.Contains(f.Error(), c.want)
		}
		if !found {
			t.Errorf("%.60q: want %q, got %v", c.file, c.want, faults)
		}
	}
	if _, faults := readAdopt(row("renews,notice_days\nA,b,c,d,x,y\nA,b,c,d,x,y\n")); len(faults) != 4 {
		t.Errorf("want all four faults at once, got %v", faults)
	}
}

// FuzzAdoptCSV: whatever a file holds, reading it ends, and what it gives is in bounds:
// days are days, words of facts are machine's words, and nothing is both read and wrong.
func FuzzAdoptCSV(f *testing.F) {
	f.Add(adoptHead + "Acme,payroll,olga,rita,c.pdf,2027-12-31,90,yes,2027-02-28,Ann <a@b.c>,x until 2027-01-01,ISO until 2027-05-31,personal,src\n")
	f.Add("vendor,service,owner,source\n\"A\"\"B\",b,c,d\n")
	f.Add("vendor,service,owner,source\nA,b,c\n")
	f.Add("\ufeffvendor,service,owner,source\r\n,,,\r\n")
	f.Add("vendor,service,owner,source,access\nA,b,c,d,until until until 2027-01-01; until 2027-01-01\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, faults := readAdopt(text)
		if len(rows) == 0 && len(faults) == 0 {
			t.Fatal("a file of nothing has no fault")
		}
		for _, r := range rows {
			names := map[string]bool{}
			for _, f := range r.Facts {
				if names[f.Name] || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz-0123456789") != "" || f.NoticeDays < 0 {
					t.Fatalf("a fact %+v of %+v", f, r)
				}
				names[f.Name] = true
				if !f.Until.IsZero() && (f.Until.Year() < 1990 || f.Until.Year() > 2200 || f.Until.Location() != time.UTC) {
					t.Fatalf("the day %s", f.Until)
				}
			}
			if !utf8.ValidString(r.Vendor.Name) || strings.ContainsAny(r.Vendor.Name+r.Source+r.Owner, "\n\r\x00") {
				t.Fatalf("a cell %q", r.Vendor.Name)
			}
		}
	})
}
