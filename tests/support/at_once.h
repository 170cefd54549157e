// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <barrier>
#include <functional>
#include <thread>
#include <vector>

namespace counterfoil {

/// Runs `work(0)` to `work(threads - 1)` on threads of their own, which start together; returns when all have ended.
/// `work` opens its own connections: `ready` is to be called once they are open.
inline void atOnce(int threads, const std::function<void(int number, const std::function<void()>& ready)>& work)
{
    std::barrier start(threads);
    std::vector<std::jthread> running;
    for (int number = 0; number < threads; ++number) {
        running.emplace_back([&work, &start, number] { work(number, [&start] { start.arrive_and_wait(); }); });
    }
}

} // namespace counterfoil
