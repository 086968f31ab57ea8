package collect

import (
	"cmp"
	"time"
)

// Config holds the limits of a run. The zero value of each field means its default.
type Config struct {
	// Parallel is how many requests may be under way at once. Default 256.
	Parallel int
	// ItemParallel is how many items of one task are described at once. Default 192.
	ItemParallel int
	// TaskParallel is how many tasks run at once. Default 64.
	TaskParallel int
	// Attempts is how often one call is tried in all. Default 6.
	Attempts int
	// Backoff is the longest wait before the second attempt; it doubles with each
	// further one up to MaxBackoff, and each wait is a random part of it.
	// Default 250 ms and 15 s.
	Backoff, MaxBackoff time.Duration
	// CallTimeout is how long one attempt may take. Default 30 s.
	CallTimeout time.Duration
	// Deadline is how long one task may take. Default 15 min.
	Deadline time.Duration
	// Items is how many items one task may list or describe. Default 50,000.
	Items int
	// Collectors overrides Deadline and Items by the name of the collector.
	Collectors map[string]Limits
	// Rates overrides [DefaultRates] by service.
	Rates map[string]Rate
	// Progress is told, now and then, how many of the tasks have ended and how many
	// requests were made; may be nil. It may be called from several goroutines.
	Progress func(done, total, requests int)
}

// Limits are the bounds of one collector's tasks; zero means the general one.
type Limits struct {
	Deadline time.Duration
	Items    int
}

func (c Config) withDefaults() Config {
	c.Parallel = cmp.Or(c.Parallel, 256)
	c.ItemParallel = cmp.Or(c.ItemParallel, 192)
	c.TaskParallel = cmp.Or(c.TaskParallel, 64)
	c.Attempts = cmp.Or(c.Attempts, 6)
	c.Backoff = cmp.Or(c.Backoff, 250*time.Millisecond)
	c.MaxBackoff = cmp.Or(c.MaxBackoff, 15*time.Second)
	c.CallTimeout = cmp.Or(c.CallTimeout, 30*time.Second)
	c.Deadline = cmp.Or(c.Deadline, 15*time.Minute)
	c.Items = cmp.Or(c.Items, 50_000)
	return c
}

func (c *Config) limits(collector string) Limits {
	l := c.Collectors[collector]
	return Limits{Deadline: cmp.Or(l.Deadline, c.Deadline), Items: cmp.Or(l.Items, c.Items)}
}

func (c *Config) rate(service string) Rate {
	if r, ok := c.Rates[service]; ok {
		return r
	}
	if r, ok := DefaultRates[service]; ok {
		return r
	}
	return DefaultRates[""]
}
