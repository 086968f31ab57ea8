package iam

import (
	"cmp"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// number is a decimal. Integers compare exactly, everything else as float64.
type number struct {
	integer int64
	float   float64
	exact   bool
}

func parseNumber(s string) (number, bool) {
	if s == "" || strings.Trim(s, "0123456789+-.eE") != "" {
		return number{}, false
	}
	if !strings.ContainsAny(s, ".eE") {
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return number{integer: i, float: float64(i), exact: true}, true
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return number{float: f}, err == nil
}

func (a number) compare(b number) int {
	if a.exact && b.exact {
		return cmp.Compare(a.integer, b.integer)
	}
	return cmp.Compare(a.float, b.float)
}

// instant is a point in time.
type instant struct {
	seconds int64
	nanos   int64
}

func (a instant) compare(b instant) int {
	if c := cmp.Compare(a.seconds, b.seconds); c != 0 {
		return c
	}
	return cmp.Compare(a.nanos, b.nanos)
}

// parseInstant reads the forms of "IAM JSON policy elements: Condition operators",
// date operators: a W3C ISO 8601 date (year alone up to fractions of a second) or
// seconds since 1970. Four digits are a year. A time without zone is UTC.
func parseInstant(s string) (instant, bool) {
	if len(s) != 4 && strings.Trim(s, "0123456789.-") == "" && strings.IndexByte(s, '-') <= 0 {
		return parseEpoch(s)
	}
	d := dateReader{rest: s, ok: true}
	year, month, day := d.digits(4), 1, 1
	if d.accept("-") {
		month = d.digits(2)
		if d.accept("-") {
			day = d.digits(2)
		}
	}
	var hour, minute, second int
	var nanos int64
	if d.accept("Tt") {
		hour = d.digits(2)
		d.require(":")
		minute = d.digits(2)
		d.ok = d.ok && minute < 60
		if d.accept(":") {
			second = d.digits(2)
			nanos = d.fraction()
		}
		minute -= d.zone()
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	valid := d.ok && d.rest == "" && t.Month() == time.Month(month) && t.Day() == day && hour <= 24 && second <= 60
	return instant{t.Unix() + int64(hour*3600+minute*60+second), nanos}, valid
}

func parseEpoch(s string) (instant, bool) {
	whole, fraction, hasFraction := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || hasFraction && strings.HasPrefix(whole, "-") {
		return instant{}, false
	}
	d := dateReader{rest: s[len(whole):], ok: true}
	nanos := d.fraction()
	return instant{seconds, nanos}, d.ok && d.rest == "" && (!hasFraction || fraction != "")
}

// dateReader consumes a date from the left; ok turns false at the first surprise.
type dateReader struct {
	rest string
	ok   bool
}

func (d *dateReader) accept(set string) bool {
	if d.rest == "" || strings.IndexByte(set, d.rest[0]) < 0 {
		return false
	}
	d.rest = d.rest[1:]
	return true
}

func (d *dateReader) require(set string) { d.ok = d.accept(set) && d.ok }

func (d *dateReader) digits(n int) int {
	if len(d.rest) < n {
		d.ok = false
		return 0
	}
	v := 0
	for _, c := range []byte(d.rest[:n]) {
		if c < '0' || c > '9' {
			d.ok = false
			return 0
		}
		v = v*10 + int(c-'0')
	}
	d.rest = d.rest[n:]
	return v
}

// fraction reads ".digits" as nanoseconds; digits beyond nine are dropped.
func (d *dateReader) fraction() int64 {
	if !d.accept(".") {
		return 0
	}
	n, scale, count := int64(0), int64(1e8), 0
	for d.rest != "" && d.rest[0] >= '0' && d.rest[0] <= '9' {
		n += int64(d.rest[0]-'0') * scale
		scale /= 10
		count++
		d.rest = d.rest[1:]
	}
	d.ok = d.ok && count > 0
	return n
}

// zone reads Z, +hh:mm, -hh:mm or nothing, in minutes east of UTC.
func (d *dateReader) zone() int {
	if d.rest == "" || d.accept("Zz") {
		return 0
	}
	sign := 1
	if d.rest[0] == '-' {
		sign = -1
	}
	d.require("+-")
	hours := d.digits(2)
	d.accept(":")
	minutes := d.digits(2)
	d.ok = d.ok && hours <= 14 && minutes < 60
	return sign * (hours*60 + minutes)
}

// parseBool reads "true" and "false" in any case.
func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	default:
		return false, false
	}
}

// parseNetwork reads a CIDR block or a bare address. Bits beyond the prefix are ignored.
func parseNetwork(s string) (netip.Prefix, bool) {
	if strings.IndexByte(s, '/') >= 0 {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err == nil
	}
	a, ok := parseAddress(s)
	if !ok {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func parseAddress(s string) (netip.Addr, bool) {
	if a, ok := parseIPv4(s); ok {
		return a, true
	}
	if s == "" || strings.Trim(s, "0123456789abcdefABCDEF:.") != "" {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a, err == nil
}

// parseIPv4 is the common case of parseAddress, without an error to allocate.
func parseIPv4(s string) (netip.Addr, bool) {
	var octets [4]byte
	n, value, digits := 0, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '.' {
			if digits == 0 || n == 3 {
				return netip.Addr{}, false
			}
			octets[n], value, digits = byte(value), 0, 0
			n++
			continue
		}
		if c < '0' || c > '9' || digits > 0 && value == 0 {
			return netip.Addr{}, false
		}
		value = value*10 + int(c-'0')
		if digits++; value > 255 {
			return netip.Addr{}, false
		}
	}
	octets[3] = byte(value)
	return netip.AddrFrom4(octets), n == 3 && digits > 0
}

func parseBinary(s string) (string, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	return string(b), err == nil
}
