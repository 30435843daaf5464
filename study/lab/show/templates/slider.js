// Move through a table of the page by a slider: no number stands here but the table's.
function slide(within) {
  const ONE = "(−?[\\d,]*\\.?\\d+(?:e[−+]?\\d+)?)";
  const INTERVAL = new RegExp(`${ONE}\\s\\[${ONE},\\s${ONE}\\]`, "i");
  const CENTER = new RegExp(`^${ONE}`, "i");
  const WIDE = 50; // largest over least, from which a gauge is logarithmic
  const svg = (name, values) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const make = (name, text = "") => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };

  function numbers(text) {
    const found = INTERVAL.exec(text) ?? CENTER.exec(text) ?? [];
    return found.slice(1).map((each) => Number(each.replaceAll(",", "").replaceAll("−", "-")));
  }

  function read(figure) {
    const { along, by, shown } = figure.dataset;
    const columns = JSON.parse(shown);
    const wanted = [along, ...(by ? [by] : []), ...columns];
    const beside = figure.closest(".inside") ?? document;
    for (const table of beside.querySelectorAll(".wide table")) {
      const heads = [...table.tHead.rows[0].cells].map((each) => each.textContent);
      if (!wanted.every((each) => heads.includes(each))) continue;
      const rows = [...table.tBodies[0].rows].map((row) =>
        Object.fromEntries(heads.map((head, i) => [head, row.cells[i].textContent])));
      return { table, rows, along, by, columns };
    }
  }

  // One scale a column, for all of its rows; an end that a logarithm lacks is the least.
  function scale(rows, column) {
    const all = rows.map((row) => numbers(row[column]));
    const centers = all.flatMap(([center]) => center ?? []);
    const logarithmic = Math.min(...centers) > 0 && Math.max(...centers) > WIDE * Math.min(...centers);
    const place = (x) => (logarithmic ? Math.log(Math.max(x, Math.min(...centers))) : x);
    const places = all.flat().map(place);
    const [least, most] = [Math.min(...places), Math.max(...places)];
    return { logarithmic, at: (x) => (100 * (place(x) - least)) / (most - least || 1) };
  }

  function gauge() {
    const element = svg("svg", { viewBox: "-1 0 102 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    const bar = (name, y, height) => svg("rect", { class: name, x: 0, y, width: 100, height });
    element.append(bar("track", 4.5, 1), bar("interval", 3, 4), bar("center", 0, 10));
    return element;
  }

  function build(figure, { table, rows, along, by, columns }) {
    const steps = [...new Set(rows.map((row) => row[along]))];
    const series = by ? [...new Set(rows.map((row) => row[by]))] : [""];
    const scales = columns.map((each) => scale(rows, each));
    const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: steps.length - 1, value: Math.floor(steps.length / 2) });
    const output = make("output");
    const label = make("label", along.replaceAll("_", " "));
    label.append(input, output);
    const body = make("tbody");
    const lines = columns.flatMap((column, i) => series.map((name) => {
      const row = body.insertRow();
      const head = make("th", name ? `${column}, ${by} ${name}` : column);
      head.scope = "row";
      row.append(head);
      const drawn = gauge();
      row.insertCell().append(drawn);
      return { column, name, at: scales[i].at, drawn, cell: row.insertCell(), head };
    }));
    const shown = make("table");
    shown.append(body);
    const logarithmic = columns.filter((_, i) => scales[i].logarithmic);
    const caption = make("figcaption", "Numbers of the table below, with 95 % intervals where it has them; each gauge runs from the column's least to its largest"
      + (logarithmic.length ? `, by powers of ten for ${logarithmic.join(" and ")}.` : "."));

    function show() {
      const step = steps[input.value];
      const said = [];
      for (const { column, name, at, drawn, cell, head } of lines) {
        const row = rows.find((each) => each[along] === step && (!by || each[by] === name));
        const text = row?.[column] ?? "not run";
        const [center, lower, upper] = numbers(text);
        cell.textContent = text;
        said.push(`${head.textContent}: ${text}`);
        const [, interval, point] = drawn.children;
        interval.setAttribute("x", at(lower ?? center ?? 0));
        interval.setAttribute("width", lower === undefined ? 0 : at(upper) - at(lower));
        point.setAttribute("x", at(center ?? 0) - 0.7);
        point.setAttribute("width", center === undefined ? 0 : 1.4);
      }
      output.textContent = step;
      input.setAttribute("aria-valuetext", `${step}; ${said.join("; ")}`);
    }

    figure.append(label, shown, caption);
    input.addEventListener("input", show);
    show();
    (table.closest("details:not(.finding)") ?? table.closest(".wide")).before(figure);
    figure.hidden = false;
  }

  for (const figure of within.querySelectorAll(".slider[hidden]")) {
    const found = read(figure);
    if (found) build(figure, found);
  }
}

slide(document);
