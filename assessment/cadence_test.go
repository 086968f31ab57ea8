package assessment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func cadence(t *testing.T, rule, zone, start string) *Cadence {
	t.Helper()
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewCadence(rule, zone, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWindows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, rule, zone, start, to string
		want                        []string // starts of the windows, then the end of the last one
	}{
		{"months that lack the day", "FREQ=MONTHLY", "", "2026-01-31T10:00:00Z", "2026-04-01T00:00:00Z", []string{
			"2026-01-31T10:00:00Z", "2026-02-28T00:00:00Z", "2026-03-28T00:00:00Z", "2026-04-28T00:00:00Z",
		}},
		{"quarters", "FREQ=MONTHLY;INTERVAL=3", "", "2026-11-21T09:00:00Z", "2027-03-01T00:00:00Z", []string{
			"2026-11-21T09:00:00Z", "2027-02-21T00:00:00Z", "2027-05-21T00:00:00Z",
		}},
		{"a leap day", "FREQ=YEARLY", "", "2028-02-29T00:00:00Z", "2030-01-01T00:00:00Z", []string{
			"2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z", "2030-02-28T00:00:00Z",
		}},
		{"the night with 25 hours", "FREQ=DAILY", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", []string{
			"2026-10-24T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z",
		}},
		{"the night with 23 hours", "FREQ=DAILY", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", []string{
			"2026-03-28T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z",
		}},
		{"another day where people are", "FREQ=DAILY", "Pacific/Auckland", "2026-11-21T20:00:00Z", "2026-11-22T20:00:00Z", []string{
			"2026-11-21T20:00:00Z", "2026-11-22T11:00:00Z", "2026-11-23T11:00:00Z",
		}},
		{"a rule that ends", "FREQ=DAILY;COUNT=3", "", "2026-11-21T00:00:00Z", "2026-12-21T00:00:00Z", []string{
			"2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z",
		}},
		{"a rule that never happens", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "", "2026-11-21T00:00:00Z", "2030-01-01T00:00:00Z", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			to, err := time.Parse(time.RFC3339, tt.to)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			list := cadence(t, tt.rule, tt.zone, tt.start).Between(time.Time{}, to)
			for i, w := range list {
				got = append(got, w.Start.UTC().Format(time.RFC3339))
				if i == len(list)-1 {
					got = append(got, w.End.UTC().Format(time.RFC3339))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("windows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCadenceRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, rule, zone string }{
		{"more often than daily", "FREQ=HOURLY", ""},
		{"hours of a day", "FREQ=DAILY;BYHOUR=3", ""},
		{"no frequency", "INTERVAL=2", ""},
		{"no rule", "monthly", ""},
		{"an unknown zone", "FREQ=DAILY", "Mars/Olympus"},
		{"a path for a zone", "FREQ=DAILY", "../../etc/passwd"},
	} {
		if _, err := NewCadence(tt.rule, tt.zone, noon); err == nil {
			t.Errorf("%s: %q in %q was taken", tt.name, tt.rule, tt.zone)
		}
	}
}

// TestWindowsTile draws rules, zones and times: windows follow each other without gap or overlap, and each time
// after the start lies in the one that At returns.
func TestWindowsTile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom([]string{
			"FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY",
		}).Draw(t, "rule")
		zone := rapid.SampledFrom([]string{"", "Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia"}).Draw(t, "zone")
		start := time.Unix(rapid.Int64Range(1_000_000_000, 1_800_000_000).Draw(t, "start"), 0).UTC()
		c, err := NewCadence(rule, zone, start)
		if err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(rapid.Int64Range(0, 3*365*24).Draw(t, "hours")) * time.Hour)
		list := c.Between(time.Time{}, at)
		if len(list) == maxWindows {
			return
		}
		last := list[len(list)-1]
		if at.Before(last.Start) || !at.Before(last.End) {
			t.Fatalf("%s is not in the last window %v", at, last)
		}
		got, ok := c.At(at)
		if !ok || got != last {
			t.Fatalf("At %s: got %v, want %v", at, got, last)
		}
		for i := 1; i < len(list); i++ {
			if list[i].Start != list[i-1].End || !list[i].Start.Before(list[i].End) {
				t.Fatalf("windows %v and %v do not follow each other", list[i-1], list[i])
			}
		}
	})
}
