package web

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrowserVendorIsAskedFor is a story: somebody asks for a vendor in a real browser,
// by keyboard alone and without scripts, on a phone; what is wrong leads to its field,
// and the case opens once.
func TestBrowserVendorIsAskedFor(t *testing.T) {
	d := drive(t, false)
	s, desk := newWantedSite(t, func(o *Options) { o.Hosts, o.Address = []string{"127.0.0.1"}, "http://127.0.0.1" })
	base := s.serve(t, "ria")
	look := func(name string, width int, dark bool) {
		t.Helper()
		d.screen(width, dark)
		if bad := d.misfits(); bad != "" {
			t.Errorf("%s at %d: %s", name, width, bad)
		}
		d.shot(fmt.Sprintf("intake-%s-%d", name, width))
	}
	d.open(base + "/")
	look("0-inbox", 375, false)
	d.tabTo("Ask for a vendor")
	d.loads = 0
	d.enter()
	d.loaded()
	d.sees("Why is this vendor wanted?", "By the playbook standard")
	look("1-page", 1280, false)
	look("1-page", 375, true)
	d.tabTo("in.vendor.name")
	d.types("Brightwell Payroll")
	d.tabTo("in.vendor.service")
	d.types("payroll")
	d.tabTo("in.yearlyCost")
	d.types("a lot")
	d.loads = 0
	d.enter() // sends the form, and does not change the playbook
	d.loaded()
	d.sees("2 things to be put right", "Why is this vendor wanted?: This is needed.", "Cost a year: ")
	if got := d.focused("id"); got != "faults" {
		t.Errorf("the focus is on %q", got)
	}
	look("2-faults", 375, false)
	if got := d.tab(); got != "Why is this vendor wanted?" {
		t.Errorf("the tabulator leads to %q", got)
	}
	d.enter()
	if got := d.js(`location.hash`); got != "#in-reason" {
		t.Errorf("the link leads to %q", got)
	}
	if got := d.js(`document.querySelector("[name='in.vendor.name']").value + document.querySelector("[name='in.yearlyCost']").value`); got != "Brightwell Payrolla lot" {
		t.Errorf("what was typed is %q", got)
	}
	d.js(`document.querySelector("[name='other']").value = "whole"`)
	contract := filepath.Join(t.TempDir(), "Hosting agreement.txt")
	if err := os.WriteFile(contract, []byte("1. Scope"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.pick(contract)
	d.press("Show its form")
	d.sees("By the playbook whole", "Do you have an interest of your own in this vendor?", "Hosting agreement.txt")
	look("3-another", 375, false)
	for name, text := range map[string]string{"reason": "We are late every month.", "summary": "They pay us.", "alternative": "Two clerks.", "success": "On time.", "yearlyCost": "12,000", "baselineCost": "0", "vendor.country": "gb"} {
		d.js(`document.querySelector("[name='in.%s']").value = %q`, name, text)
	}
	d.js(`["in.interest|no", "in.data|none"].forEach(x => document.querySelector("[name='" + x.split("|")[0] + "'][value='" + x.split("|")[1] + "']").click())`)
	d.js(`document.querySelector("[name='in.deputy']").value = "ben"`)
	d.js(`document.querySelector("[name='in.sponsor']").value = "sami"`)
	d.press("Open the case")
	if len(desk.intakes) != 1 || !strings.Contains(d.js(`location.href`), "onboarding") {
		t.Fatalf("%d cases were opened, and the browser is at %s with\n%s", len(desk.intakes), d.js(`location.href`), d.text())
	}
	d.sees("Ria Castellanos", "onboarding/brightwell-payroll/1")
	if i := desk.intakes[0]; i.Vendor.Name != "Brightwell Payroll" || i.Playbook != "whole" || i.YearlyCost != 12000 || i.Interest != "no" || string(desk.papers[i.Contract]) != "1. Scope" || i.From.ID != "ria" {
		t.Errorf("the desk got %+v", i)
	}
	if len(d.said) > 0 {
		t.Errorf("the browser complains: %q", d.said)
	}
}
