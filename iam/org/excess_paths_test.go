package org

// ExcessesOfAllPaths is what [Analysis.Excesses] finds, from every path that there is.
func (a *Analysis) ExcessesOfAllPaths(depth int) (map[*Principal]*Excess, error) {
	calls, err := a.tellingModels()
	if err != nil {
		return nil, err
	}
	out := map[*Principal]*Excess{}
	for _, c := range calls {
		found, err := a.Indirect(c, depth)
		if err != nil {
			return nil, err
		}
		for _, path := range found.Paths {
			p := path.Steps[0].Principal
			if path.takenOn() || out[p].has(path) {
				continue
			}
			direct, err := a.Ask(p, c)
			if err != nil {
				return nil, err
			}
			if !direct.Outcome.Can() {
				out[p] = out[p].and(excess(direct, path))
			}
		}
	}
	return out, nil
}
