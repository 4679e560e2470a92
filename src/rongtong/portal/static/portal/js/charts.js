"use strict";
// Bars drawn flat from zero, labelled directly, in the colours of the page; the table stands beside each chart.

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function grouped(value) {
  return value.toLocaleString(document.documentElement.lang);
}

function options({ labels, values }) {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 0, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", min: 0, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      type: "category",
      data: labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisLabel: { color: colour("--ink-2"), fontSize: 12, interval: 0, width: 150, overflow: "truncate" },
    },
    series: [
      {
        type: "bar",
        data: values,
        barMaxWidth: 16,
        itemStyle: { color: colour("--series-1"), borderRadius: [0, 2, 2, 0] },
        label: { show: true, position: "right", color: colour("--ink"), fontSize: 12, formatter: (row) => grouped(row.value) },
      },
    ],
  };
}

function draw(place) {
  const data = JSON.parse(document.getElementById(`${place.dataset.chart}-data`).textContent);
  const rows = data.labels.length;
  const chart = echarts.init(place, null, { height: Math.max(120, rows * 26 + 8) });
  place.classList.add("chart-drawn");
  chart.setOption(options(data));
  return chart;
}

const charts = [...document.querySelectorAll("[data-chart]")].map(draw);

window.addEventListener("resize", () => charts.forEach((chart) => chart.resize({ height: chart.getHeight() })));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-table]");
  if (!button) return;
  const table = document.getElementById(`${button.dataset.chartTable}-table`);
  table.hidden = !table.hidden;
  button.setAttribute("aria-pressed", String(!table.hidden));
});
