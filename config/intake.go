package config

import (
	"gangway/internal/engagement"
	"gangway/internal/playbook"

	"github.com/goccy/go-yaml/ast"
)

// VendorFile is the file that starts a case: an intake, and where the first
// version of the contract is.
type VendorFile struct {
	// Intake has neither ID nor Contract yet: those come with the upload.
	Intake playbook.Intake
	// ContractFile is the path as written, relative to the vendor file; empty:
	// there is no contract yet.
	ContractFile string

	source *source
}

// ReadIntake reads a vendor file; name is the file's name for faults. The error
// is Faults, with those of Intake.Check among them; what only shows beside a
// playbook and people is CrossIntake's.
func ReadIntake(name string, data []byte) (VendorFile, error) {
	s, body := read(name, data)
	if body == nil {
		return VendorFile{}, s.err()
	}
	t := s.table(body, "$", "a vendor file", "vendor", "reason", "alternative", "success", "summary", "yearly-cost", "baseline-cost", "currency",
		"interest", "which-interest", "data", "systems", "owner", "deputy", "sponsor", "playbook", "contract", "rehearsal")
	v := VendorFile{source: s, ContractFile: t.text("contract", "$.contract")}
	v.Intake = playbook.Intake{
		Playbook: t.text("playbook", "$.playbook"), Reason: t.text("reason", "$.reason"), Alternative: t.text("alternative", "$.alternative"),
		Success: t.words("success", "$.success"), Summary: t.text("summary", "$.summary"),
		YearlyCost: t.number("yearly-cost", "$.yearlyCost"), Currency: t.text("currency", "$.currency"),
		Data: t.words("data", "$.data"), Systems: t.words("systems", "$.systems"),
		Owner: t.text("owner", "$.owner"), Deputy: t.text("deputy", "$.deputy"), Sponsor: t.text("sponsor", "$.sponsor"),
		Interest: t.text("interest", "$.interest"), WhichInterest: t.text("which-interest", "$.whichInterest"),
		Rehearsal: t.yes("rehearsal", "$.rehearsal"),
	}
	if t.has("baseline-cost", "$.baselineCost") != nil {
		cost := t.number("baseline-cost", "$.baselineCost")
		v.Intake.BaselineCost = &cost
	}
	if n := t.has("vendor", "$.vendor"); n != nil {
		v.Intake.Vendor = s.vendor(n)
	}
	if path := v.ContractFile; path != "" && engagement.CheckName(path) != nil {
		s.fault(s.find("$.contract"), "write the path of one file", "the contract's path cannot be %s", quote(path))
	}
	s.semantic(v.Intake.Check())
	if err := s.err(); err != nil {
		return VendorFile{}, err
	}
	return v, nil
}

func (s *source) vendor(n ast.Node) engagement.Vendor {
	t := s.table(n, "$.vendor", "the vendor", "name", "slug", "service", "country", "website", "contacts")
	v := engagement.Vendor{
		Slug: t.text("slug", "$.vendor.slug"), Name: t.text("name", "$.vendor.name"), Service: t.text("service", "$.vendor.service"),
		Country: t.text("country", "$.vendor.country"), Website: t.text("website", "$.vendor.website"),
	}
	for _, it := range t.list("contacts", "$.vendor.contacts") {
		c := s.table(it.node, it.path, "a contact", "name", "mail", "phone", "role")
		v.Contacts = append(v.Contacts, engagement.Contact{
			Name: c.text("name", it.path+".name"), Mail: c.text("mail", it.path+".mail"),
			Phone: c.text("phone", it.path+".phone"), Role: c.text("role", it.path+".role"),
		})
	}
	return v
}

// CrossIntake holds a vendor file to the playbook and the people it would run
// with: unknown data categories, an owner, deputy or sponsor who is unknown, has
// left or works for the vendor. The error is Faults, each where the vendor file
// has it.
func CrossIntake(v VendorFile, people People, pb playbook.Playbook) error {
	return located(v.source, "the vendor file", pb.CheckIntake(v.Intake, people.List))
}
