package playbook

import (
	"slices"
	"strings"
	"testing"
)

func TestReservedRoles(t *testing.T) {
	t.Parallel()
	people := func() []Person {
		return []Person{{ID: "ann", Name: "Ann", Hours: office(), Roles: []string{"operator", "legal"}, Backups: []string{"ben"}, Manager: "aud"},
			{ID: "ben", Name: "Ben", Hours: office(), Roles: []string{"operator"}}, {ID: "aud", Name: "Aud", Hours: office(), Roles: []string{"auditor"}}}
	}
	if f := CheckPeople(people()); f != nil {
		t.Errorf("sound people have %v", f)
	}
	if f := sound().CheckRoles(people()[1:]); f != nil {
		t.Errorf("the playbook does not know %v", f)
	}
	for want, wreck := range map[string]func(p []Person){
		"$.people[2].roles[1]: no other role":     func(p []Person) { p[2].Roles = []string{"legal", "auditor"} },
		"$.people[0].backups[0]: fills no seat":   func(p []Person) { p[0].Backups = []string{"aud"} },
		"$.people[1].roles[0]: a vendor's person": func(p []Person) { p[1].Employer, p[0].Backups = "acme", nil },
	} {
		p := people()
		wreck(p)
		place, part, _ := strings.Cut(want, ": ")
		if faults := CheckPeople(p); len(faults) != 1 || faults[0].Place != place || !strings.Contains(faults[0].Message, part) {
			t.Errorf("want %s alone, got %v", want, faults)
		}
	}
}

func TestAPlaybookNamesNoReservedRole(t *testing.T) {
	t.Parallel()
	p := sound()
	p.Roles = append(p.Roles, OperatorRole, AuditorRole)
	faults := p.Check()
	for _, role := range []string{OperatorRole, AuditorRole} {
		if !slices.ContainsFunc(faults, func(f Fault) bool {
			return strings.Contains(f.Message, role) && strings.Contains(f.Message, "fills no seat")
		}) {
			t.Errorf("%s passes: %v", role, faults)
		}
	}
}
