package config

import (
	"strings"
	"time"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
)

// filledIn answers each point of an access form: everybody gets into a repository.
func filledIn(points []engagement.Point) engagement.Sheet {
	var s engagement.Sheet
	for i, p := range points {
		l := engagement.SheetLine{Point: p, Finding: engagement.Finding{Point: p.ID}}
		switch last := p.ID[strings.LastIndexByte(p.ID, '-')+1:]; {
		case last == entitlement.GrantTeam:
			l.Finding.Missing = true
		case last == entitlement.GrantUntil:
			l.Finding.On = time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
		case last == entitlement.GrantRole: // the first of the options that a repository has
			for _, o := range p.Options {
				if o != string(entitlement.RoleMember) && o != string(entitlement.RoleMaintainer) && l.Finding.Choices == nil {
					l.Finding.Choices = []string{o}
				}
			}
		case last == entitlement.GrantLogin:
			l.Words, l.Finding.Said = "dev-"+strings.Repeat("x", i+1), true
		default:
			l.Words, l.Finding.Said = "words", true
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}
