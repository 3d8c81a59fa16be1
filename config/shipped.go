package config

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must be there in a container too

	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

//go:embed playbooks/*.yaml playbooks/packs/*.yaml playbooks/exits/*.yaml holidays/*.yaml example
var shipped embed.FS

// Playbooks names the playbooks that ship, sorted.
func Playbooks() []string { return names("playbooks") }

// DefaultPlaybook is used where nobody names one: the whole onboarding, which asks by
// tier no more than a vendor is worth.
const DefaultPlaybook = "whole"

// Shipped returns a playbook that ships, read, and its file, the packs and the exit that
// it names written into it. Both are read once
// and shared: nobody may change them. The error is that there is none of this
// name.
func Shipped(name string) (playbook.Playbook, []byte, error) {
	book, there := books()[name]
	if !there {
		return playbook.Playbook{}, nil, fmt.Errorf("there is no playbook %.60q: %s ship", name, strings.Join(Playbooks(), ", "))
	}
	pb, err := book.read()
	return pb, book.data, err
}

// book is a playbook that ships.
type book struct {
	data []byte
	read func() (playbook.Playbook, error)
}

// books are the playbooks that ship by name; each is read when it is first asked
// for: reading one takes over a millisecond.
var books = sync.OnceValue(func() map[string]book {
	all := map[string]book{}
	for _, name := range Playbooks() {
		data := withExit(withPacks(mustFile("playbooks", name)))
		all[name] = book{data, sync.OnceValues(func() (playbook.Playbook, error) { return ReadPlaybook("playbooks/"+name+".yaml", data) })}
	}
	return all
})

// Example is the product's own short example: vendor.yaml, contract.md,
// contract-v2.md, dpa.md, people.yaml, and for three people vendor-small.yaml and
// people-small.yaml.
func Example() fs.FS {
	sub, err := fs.Sub(shipped, "example")
	if err != nil { // a constant that is no path
		panic(err)
	}
	return sub
}

// Holidays returns the sets of these names, in their order, each checked. The
// error names the sets there are.
func Holidays(names ...string) ([]calendar.HolidaySet, error) {
	var sets []calendar.HolidaySet
	for _, name := range names {
		read, there := holidays()[name]
		if !there {
			return nil, fmt.Errorf("there are no holidays %.60q: %s ship", name, strings.Join(holidayNames(), ", "))
		}
		set, err := read()
		if err != nil {
			return nil, fmt.Errorf("reading the holidays that ship: %w", err)
		}
		set.Days = slices.Clone(set.Days)
		sets = append(sets, set)
	}
	return sets, nil
}

// holidays are the sets that ship by name, each read when it is first asked for.
var holidays = sync.OnceValue(func() map[string]func() (calendar.HolidaySet, error) {
	all := map[string]func() (calendar.HolidaySet, error){}
	for _, name := range holidayNames() {
		all[name] = sync.OnceValues(func() (calendar.HolidaySet, error) {
			return readHolidays("holidays/"+name+".yaml", mustFile("holidays", name))
		})
	}
	return all
})

func holidayNames() []string { return names("holidays") }

func readHolidays(name string, data []byte) (calendar.HolidaySet, error) {
	s, body := read(name, data)
	if body == nil {
		return calendar.HolidaySet{}, s.err()
	}
	t := s.table(body, "$", "a set of holidays", "name", "days")
	set := calendar.HolidaySet{Name: t.text("name", "$.name")}
	for _, it := range t.list("days", "$.days") {
		d := s.table(it.node, it.path, "a holiday", "date", "name")
		date, err := calendar.ParseDate(d.text("date", it.path+".date"))
		if err != nil {
			s.fault(s.find(it.path+".date"), "", "%v", err)
		}
		set.Days = append(set.Days, calendar.Holiday{Date: date, Name: d.text("name", it.path+".name")})
	}
	return set, s.err()
}

// ahead is how far a snapshot looks, in months.
const ahead = 36

// Snapshot is the calendar that a case carries: the zones and holidays of the
// people and the playbook, from an instant on for 36 months. The error is a zone
// or a set that does not exist.
func Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	from = from.UTC().Truncate(time.Second)
	snap := calendar.Snapshot{From: from, Until: from.AddDate(0, ahead, 0)}
	zones, sets := []string{pb.Hours.Zone}, []string{pb.Hours.Holidays}
	for _, p := range people {
		zones, sets = append(zones, p.Hours.Zone), append(sets, p.Hours.Holidays)
	}
	for _, name := range distinct(zones) {
		loc, err := time.LoadLocation(name)
		if err != nil {
			return calendar.Snapshot{}, fmt.Errorf("finding the time zone %.60q: %w", name, err)
		}
		snap.Zones = append(snap.Zones, calendar.Table(loc, snap.From, snap.Until))
	}
	days, err := Holidays(distinct(sets)...)
	if err != nil {
		return calendar.Snapshot{}, err
	}
	snap.Holidays = days
	if err := snap.Check(); err != nil {
		return calendar.Snapshot{}, err
	}
	return snap, nil
}

// distinct is the names that are not empty, sorted, each once.
func distinct(names []string) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

func names(dir string) []string {
	entries, err := shipped.ReadDir(dir)
	if err != nil { // embedded above: cannot be missing
		panic(err)
	}
	var list []string
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		list = append(list, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(list)
	return list
}

// mustFile is an embedded file by its name without folder and ending.
func mustFile(dir, name string) []byte {
	data, err := shipped.ReadFile(path.Join(dir, name+".yaml"))
	if err != nil { // names lists what is embedded
		panic(err)
	}
	return data
}

// AllHolidays are the sets that ship: those that a person's hours can name.
func AllHolidays() ([]calendar.HolidaySet, error) { return Holidays(holidayNames()...) }
