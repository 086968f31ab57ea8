package assessment

import (
	"fmt"
	"time"

	"github.com/teambition/rrule-go"
)

// Cadence makes due windows: an RFC 5545 recurrence rule in a time zone.
type Cadence struct {
	rule  *rrule.RRule
	start time.Time
}

// Window is the time between two occurrences of a cadence: Start <= t < End. The End of a
// window that happens once is the zero time.
type Window struct{ Start, End time.Time }

// lastSafeDay is a day that every month has: a rule "each month" that began on the 31st would
// skip months (RFC 5545, section 3.3.10, ignores days that do not exist).
const lastSafeDay = 28

// NewCadence reads a rule, such as "FREQ=MONTHLY;INTERVAL=3", whose windows begin at midnight in
// the zone (IANA name; empty: UTC), counted from start. The first window begins at start itself.
// Rules more frequent than daily are refused. An empty rule gives one window without end.
func NewCadence(rule, zone string, start time.Time) (*Cadence, error) {
	if rule == "" {
		return &Cadence{start: start}, nil
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("cadence %q: time zone %q: %w", rule, zone, err)
	}
	option, err := rrule.StrToROption(rule)
	if err != nil {
		return nil, fmt.Errorf("cadence %q: want an RFC 5545 rule such as FREQ=MONTHLY;INTERVAL=3: %w", rule, err)
	}
	if option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
		return nil, fmt.Errorf("cadence %q: windows are days, weeks, months or years", rule)
	}
	local := start.In(where)
	day := local.Day()
	if option.Freq <= rrule.MONTHLY {
		day = min(day, lastSafeDay)
	}
	option.Dtstart = time.Date(local.Year(), local.Month(), day, 0, 0, 0, 0, where)
	r, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, fmt.Errorf("cadence %q: %w", rule, err)
	}
	return &Cadence{rule: r, start: start}, nil
}

// At returns the window that holds t; false before the start, or after the last one of a rule
// that ends.
func (c *Cadence) At(t time.Time) (Window, bool) {
	if t.Before(c.start) {
		return Window{}, false
	}
	if c.rule == nil {
		return Window{Start: c.start}, true
	}
	w := Window{Start: c.start, End: c.rule.After(t, false)}
	if began := c.rule.Before(t, true); began.After(c.start) {
		w.Start = began
	}
	return Window{w.Start.UTC(), w.End.UTC()}, !w.End.IsZero()
}

// maxWindows bounds what is opened at once after a long standstill.
const maxWindows = 1000

// Between returns the windows that begin after from and not after to, oldest first, at most a
// thousand; the window of the start itself when from is the zero time.
func (c *Cadence) Between(from, to time.Time) []Window {
	var windows []Window
	at := c.start
	if !from.IsZero() {
		current, ok := c.At(from)
		if !ok || current.End.IsZero() {
			return nil
		}
		at = current.End
	}
	for !at.After(to) && len(windows) < maxWindows {
		w, ok := c.At(at)
		if !ok {
			break
		}
		windows = append(windows, w)
		if w.End.IsZero() {
			break
		}
		at = w.End
	}
	return windows
}
