package library

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// earliest is a day before which no assessment began.
var earliest = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// checkCadence reports why a cadence is no recurrence rule of RFC 5545, section 3.3.10, that
// reviews may follow: each part known and once, by days or longer, without a start of its own.
func checkCadence(rule, zone string) error {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, found := strings.Cut(part, "=")
		switch {
		case !found || value == "":
			return fmt.Errorf("%q: want parts such as FREQ=MONTHLY;INTERVAL=3", rule)
		case seen[name]:
			return fmt.Errorf("%q: %s stands twice", rule, name)
		case name == "DTSTART" || name == "TZID":
			return fmt.Errorf("%q: %s: the start of an assessment begins it, and time_zone names its time zone", rule, name)
		}
		seen[name] = true
	}
	option, err := rrule.StrToROption(rule)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no recurrence rule: %w", rule, err)
	case !slices.Contains([]rrule.Frequency{rrule.YEARLY, rrule.MONTHLY, rrule.WEEKLY, rrule.DAILY}, option.Freq):
		return fmt.Errorf("%q: want FREQ=DAILY, WEEKLY, MONTHLY or YEARLY", rule)
	case len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0:
		return fmt.Errorf("%q: BYHOUR, BYMINUTE, BYSECOND: evidence is asked by days or longer", rule)
	case seen["COUNT"] && seen["UNTIL"]:
		return fmt.Errorf("%q: COUNT and UNTIL exclude each other", rule)
	case seen["INTERVAL"] && option.Interval < 1:
		return fmt.Errorf("%q: want an INTERVAL of 1 or more", rule)
	}
	option.Dtstart = earliest
	r, err := rrule.NewRRule(*option)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no recurrence rule: %w", rule, err)
	case r.After(earliest, false).IsZero():
		return fmt.Errorf("%q: comes at most once, so that nothing is ever due; for evidence that is asked once leave the cadence away", rule)
	}
	if zone == "Local" {
		return errors.New(`time zone "Local" is another one on each machine: name one, such as Europe/Berlin`)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return fmt.Errorf("time zone: %w", err)
	}
	return nil
}
