// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

namespace counterfoil {

/// failOnWarnings(), but for what a platform without windows can't do, and for scripts that a font knows only in part.
void failOnOurWarnings();

// What stands in the way of somebody who uses a window without mouse or without eyes. Each finding names the thing and its place; only
// what is on screen is looked at.

/// What a screen reader can work with but has no name for.
QStringList nameless(QWidget* window);
/// Neighbours, or buttons and fields anywhere in the window, of the same kind and name.
QStringList alike(QWidget* window);
/// What can be used with the mouse only, by its focus policy.
QStringList mouseOnly(const QWidget* window);
/// Tab and Shift+Tab from where the keyboard is: both have to come back, and to pass by everything that takes the keyboard.
QStringList missedByTab(QWidget* window);
/// Tables whose current row is out of sight.
QStringList outOfSight(const QWidget* window);
/// Labels, tool tips and text views that would read markup.
QStringList readingMarkup(const QWidget* window);

/// Controls and format characters that are shown as they are: in labels, buttons, tabs, titles, read-only texts and current rows.
QStringList invisibleCharacters(const QWidget* window);
/// What stands out of its parent, where nothing scrolls.
QStringList beyondTheirParents(const QWidget* window);

/// All that concerns keyboard and screen readers.
QStringList obstacles(QWidget* window);

} // namespace counterfoil
