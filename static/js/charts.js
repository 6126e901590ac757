/* A chart is a picture from the server until it is seen; then its module is fetched and brings it to life. */
const figures = document.querySelectorAll("[data-chart]");

const watch = new IntersectionObserver((entries) => {
  entries.filter((entry) => entry.isIntersecting).forEach(async ({ target }) => {
    watch.unobserve(target);
    const { hydrate } = await import(target.dataset.chart);
    hydrate(target);
  });
}, { rootMargin: "200px" });
figures.forEach((figure) => watch.observe(figure));
