package main

import (
	"errors"
	"testing"
	"time"
)

func TestRelative(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]string{
		0: "now", 59 * time.Second: "now", -30 * time.Second: "now",
		time.Minute: "in 1 minute", 59*time.Minute + 59*time.Second: "in 59 minutes", -time.Hour: "1 hour ago", 23 * time.Hour: "in 23 hours",
		47 * time.Hour: "in 1 day", 48 * time.Hour: "in 2 days", 20 * day: "in 20 days", -21 * day: "3 weeks ago",
		90 * day: "in 3 months", 730 * day: "in 2 years", -729 * day: "24 months ago",
	} {
		if got := relative(d); got != want {
			t.Errorf("relative(%s) = %q, want %q", d, got, want)
		}
	}
}

func TestWhen(t *testing.T) {
	t.Parallel()
	at := monday.Add(90*time.Minute + 123*time.Millisecond).In(time.FixedZone("", 3600))
	if got := (&session{iso: true}).when(at, monday); got != "2026-11-23T10:30:00Z" {
		t.Errorf("iso: %s", got)
	}
	if got := (&session{}).when(at, monday); got != "in 1 hour" {
		t.Errorf("relative: %s", got)
	}
	if got := (&session{iso: true}).when(time.Time{}, monday); got != "-" {
		t.Errorf("never: %s", got)
	}
}

func TestReadDay(t *testing.T) {
	t.Parallel()
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-11-23": "2026-11-23T05:00:00Z", "2026-07-01": "2026-07-01T04:00:00Z", "2026-11-23T09:00:00Z": "2026-11-23T09:00:00Z",
		"2026-11-23T09:00:00+01:00": "2026-11-23T08:00:00Z",
	} {
		got, err := readDay(text, york)
		if err != nil || iso(got) != want {
			t.Errorf("%s is %s (%v), want %s", text, iso(got), err, want)
		}
	}
	for _, text := range []string{"", "tomorrow", "23.11.2026", "2026-02-30", "2026-11-23 09:00"} {
		var p problem
		if _, err := readDay(text, york); !errors.As(err, &p) || p.code != exitUsage {
			t.Errorf("%q: %v", text, err)
		}
	}
}
