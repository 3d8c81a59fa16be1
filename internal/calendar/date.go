package calendar

import (
	"cmp"
	"fmt"
	"time"
)

const dateLayout = "2006-01-02"

// Date is a day on the wall calendar, without time or zone. As text and JSON it is "2026-11-21"; the zero Date is "".
type Date struct{ Year, Month, Day int }

// DateOf is the day that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// ParseDate reads "2026-11-21": four, two and two digits, a day that exists, years 0001 to 9999.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1 || t.Format(dateLayout) != s {
		return Date{}, fmt.Errorf("reading the date %.40q: want an existing day as year-month-day, such as 2026-11-21", s)
	}
	return DateOf(t), nil
}

// String is the form that ParseDate reads; for a day that does not exist it is just the three numbers.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// IsZero tells whether no day was given.
func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative when d is before e, zero when they are the same day, positive when d is after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// MarshalText refuses a day that does not exist, so that what is stored can always be read again.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return []byte{}, nil
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("writing a date: %w", err)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what ParseDate reads; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

func (d Date) check() error {
	_, err := ParseDate(d.String())
	return err
}
