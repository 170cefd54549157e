// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPixmap>

#include <span>

namespace counterfoil {

/// The icons of the console: one set, one weight, drawn for 16 and 22 px, embedded at build time.
enum class Icon {
    Overview,
    Orders,
    Accounts,
    Back,
    Forward,
    Down,
    Up,
    Search,
    Copy,
    Refresh,
    Close,
    Filter,
    Clock,
    Check,
    Cancel,
    Info,
    Lock,
    Flag,
    User,
    Package,
    Send,
    Shipped,
    Pause,
    Undo,
    Calendar,
    Tree,
    Connected,
    Disconnected,
    Swap,
    Theme,
    Menu,
    Keyboard,
    Visible,
    Question,
    Database,
    Money,
    Warning,
    Play,
};

/// Every icon and the file stem it is drawn from, for tests.
std::span<const std::pair<Icon, const char*>> allIcons();

/// The icon at `size` device-independent pixels in one colour. Kept, so that painting may ask each time.
/// 16 uses the drawing for 16; 20 uses the drawing for 22 without its margin, so that lines stay whole pixels.
QPixmap iconPixmap(Icon icon, int size, const QColor& colour, qreal devicePixelRatio);

} // namespace counterfoil
