import { describe, expect, it } from "vitest";
import { useDashboard } from "./pool-page.ts";
import { busyMinute, busyUpdate, NOW } from "./pool-sample.ts";

const dashboard = useDashboard();

describe("the time that is shown", () => {
  it("is brushed with the mouse, and followed again after a double click", async () => {
    await dashboard.open();
    const pause = dashboard.view.page.getByRole("button", { name: "Pause" });
    await pause.waitFor();
    await dashboard.view.page.mouse.move(300, 330);
    await dashboard.view.page.mouse.down();
    await dashboard.view.page.mouse.move(420, 330, { steps: 4 });
    await dashboard.view.picture("dashboard-brush");
    await dashboard.view.page.mouse.up();
    await dashboard.view.page.getByRole("button", { name: "Resume" }).waitFor();
    const slider = dashboard.view.page.getByRole("slider");
    const text = () => slider.getAttribute("aria-valuetext");
    await expect.poll(text).toMatch(/^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/);
    await dashboard.view.picture("dashboard-zoomed");
    await dashboard.view.page.mouse.dblclick(300, 330);
    await pause.waitFor();
    await expect.poll(text).toBe("now, and the 60 seconds before");
  });

  it("is moved over ten minutes with the keyboard alone", async () => {
    await dashboard.open();
    const slider = dashboard.view.page.getByRole("slider");
    await slider.focus();
    await dashboard.view.page.keyboard.press("Home");
    const place = () => slider.getAttribute("aria-valuenow");
    await expect.poll(place).toBe("10");
    await dashboard.view.page.keyboard.press("PageDown");
    await expect.poll(place).toBe("20");
    await dashboard.view.page.keyboard.press("End");
    await expect.poll(place).toBe("100");
    await dashboard.view.page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("stands still when it is paused", async () => {
    await dashboard.open();
    await dashboard.view.page.getByRole("button", { name: "Pause" }).click();
    const text = () => dashboard.view.page.getByRole("slider").getAttribute("aria-valuetext");
    await expect.poll(text).toContain(" to ");
    const before = await text();
    const moved = () =>
      dashboard.view.page
        .locator(".scrubber .window")
        .evaluate(({ style }: { style: { left: string } }) => style.left);
    const place = await moved();
    await dashboard.view.post({ ...busyUpdate(), at: NOW + 5_000 });
    // The window moves back in the history, while what it shows stays.
    await expect.poll(moved).not.toBe(place);
    expect(await text()).toBe(before);
  });

  it("tells how full the pool was then, beside rows that tell of now", async () => {
    const recording = busyMinute();
    recording.numbers(NOW - 30_000, { used: 3, idle: 3, connecting: 0, waiting: 5, max: 6 });
    await dashboard.open({}, recording.update(NOW));
    const { page } = dashboard.view;
    const numbers = page.locator(".numbers");
    const note = page.getByText("as it is now");
    expect(await numbers.locator(".used dd").textContent()).toBe("4 / 6");
    expect(await note.isVisible()).toBe(false);
    await page.locator(".scrubber .window").focus();
    for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowLeft");
    await dashboard.view.post({ ...recording.update(NOW), isWhole: false, series: [] });
    await expect.poll(() => numbers.locator(".used dd").textContent()).toBe("3 / 6");
    expect(await numbers.locator(".waiting dd").textContent()).toBe("5");
    expect(await note.isVisible()).toBe(true);
    await dashboard.view.picture("dashboard-past");
  });

  it("moves along when the history leaves it behind", async () => {
    await dashboard.open();
    const slider = dashboard.view.page.getByRole("slider");
    await slider.focus();
    await dashboard.view.page.keyboard.press("Home");
    await dashboard.view.post({ ...busyUpdate(), at: NOW + 120_000 });
    // The oldest minute that is kept, instead of one that is forgotten.
    await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("10");
  });
});
