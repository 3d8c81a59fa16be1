package config

import (
	"time"

	"gangway/internal/engagement"
)

// ReadFindings reads what somebody found for the points of a checklist; name is
// the file's name for faults. Whether there is one for every point the process
// says.
func ReadFindings(name string, data []byte) ([]engagement.Finding, error) {
	s, body := read(name, data)
	if body == nil {
		return nil, s.err()
	}
	t := s.table(body, "$", "a file of findings", "findings")
	var found []engagement.Finding
	for _, it := range t.list("findings", "$.findings") {
		r := s.table(it.node, it.path, "a finding", "point", "places", "missing", "on")
		f := engagement.Finding{Point: r.text("point", it.path+".point"), Places: r.words("places", it.path+".places"), Missing: r.yes("missing", it.path+".missing")}
		on := r.text("on", it.path+".on")
		if on != "" {
			day, err := time.Parse(time.DateOnly, on)
			if err != nil {
				s.fault(s.find(it.path+".on"), "write a day such as 2027-03-31", "%s is no day", quote(on))
			}
			f.On = day.UTC()
		}
		switch {
		case f.Point == "":
			s.fault(s.at(it.node), "name the point by its id, such as gdpr-28-3-a", "the finding is for no point")
		case !f.Missing && len(f.Places) == 0 && on == "":
			s.fault(s.at(it.node), "say `missing: true`, or name places or a day", "nothing was found for %s, and it is not said to be missing", quote(f.Point))
		case f.Missing && (len(f.Places) > 0 || on != ""):
			s.fault(s.at(it.node), "leave one of them out", "%s is missing, and a place or a day is named", quote(f.Point))
		}
		found = append(found, f)
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	return found, nil
}
